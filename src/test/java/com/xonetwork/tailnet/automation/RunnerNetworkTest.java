package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.runner.AttemptKey;
import inet.ipaddr.IPAddressString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunnerNetworkTest {

    private static final AttemptKey KEY = new AttemptKey("net", "uid", 1);

    private static RunHost host(String name, String address, int port) {
        return new RunHost(name, address, port, "root", null);
    }

    private static List<String> egress(String callback, boolean dnsAnywhere, RunHost... hosts) throws Exception {
        return rules(callback, dnsAnywhere, hosts).stream()
                .map(RunnerNetworkTest::text)
                .toList();
    }

    private static List<NetworkPolicyEgressRule> rules(String callback, boolean dnsAnywhere, RunHost... hosts)
            throws Exception {
        var yaml = new YAMLMapper();
        var run = yaml.readValue(
                "{metadata: {name: r, namespace: net, uid: uid}, spec: {templateRef: {name: t}, targets: {nodes: [{name: a}]}}}",
                AutomationRun.class);
        var template = yaml.readValue(
                "{metadata: {name: t}, spec: {engine: ansible, source: {builtin: x}, ssh: {keySecretRef: {name: a, key: b}}}}",
                AutomationTemplate.class);
        var inputs = new RunInputs(
                template, List.of(hosts), "image", null, new ObjectMapper().createObjectNode(), false, "", List.of());
        var order = new AttemptOrder(
                Arrays.stream(hosts)
                        .map(RunHost::name)
                        .filter(name -> !name.startsWith("other"))
                        .toList(),
                List.of());
        var settings = new RunnerSettings(
                "image", List.of(), Optional.ofNullable(callback), 10, 3600, Duration.ofMinutes(10), dnsAnywhere);
        var policy = RunnerNetwork.policy(run, KEY, order, inputs, settings);
        assertThat(policy.getSpec().getPolicyTypes()).containsExactly("Ingress", "Egress");
        assertThat(policy.getSpec().getIngress()).isEmpty();
        return policy.getSpec().getEgress();
    }

    private static String text(NetworkPolicyEgressRule rule) {
        var to = rule.getTo().stream()
                .map(peer -> peer.getIpBlock() != null
                        ? peer.getIpBlock().getCidr()
                        : peer.getNamespaceSelector().getMatchLabels() + " "
                                + peer.getPodSelector().getMatchLabels())
                .toList();
        return to + " "
                + rule.getPorts().stream()
                        .map(port -> port.getPort().getIntVal())
                        .distinct()
                        .toList();
    }

    @Test
    void aRunnerReachesItsMachinesAndNothingElse() throws Exception {
        assertThat(egress(
                        null,
                        false,
                        host("a", "100.64.0.1", 22),
                        host("b", "fd7a:115c:a1e0::1", 22),
                        host("c", "192.0.2.1", 2222),
                        host("other", "192.0.2.9", 443)))
                .containsExactly(
                        "[{} {k8s-app=kube-dns}, 169.254.20.10/32] [53]",
                        "[100.64.0.1/32, fd7a:115c:a1e0::1/128] [22]",
                        "[192.0.2.1/32] [2222]");
    }

    /** A policy has no names: the port is open, but not to where clouds keep the credentials of their nodes. */
    @Test
    void aMachineThatIsFoundByItsName() throws Exception {
        assertThat(egress(null, false, host("a", "web.example.com", 22))).contains("[0.0.0.0/0, ::/0] [22]");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "169.254.169.254",
                "100.100.100.200",
                "192.0.0.192",
                "168.63.129.16",
                "127.0.0.1",
                "fe80::1",
                "::1",
                "fd00:ec2::254",
                "fd00:ec2::23",
                "fd20:ce::254",
                "fd00:c1::a9fe:a9fe",
                "fd00:100::100:200",
                "fd00:42::42",
                "fd00:a9fe:a9fe::1",
                "64:ff9b::a9fe:a9fe",
                "64:ff9b::6464:64c8",
                "64:ff9b::c000:c0",
                "64:ff9b::a83f:8110",
                "64:ff9b:1::a9fe:a9fe",
                "64:ff9b:1:a9fe:a9:fe00::",
                "2002:a9fe:a9fe::1",
                "2002:6464:64c8::1"
            })
    void aNameOpensNoMetadataService(String address) throws Exception {
        var open =
                rules(null, false, host("a", "web.example.com", 22)).getLast().getTo();
        assertThat(open)
                .allSatisfy(peer -> assertThat(peer.getIpBlock().getExcept())
                        .allSatisfy(
                                block -> assertThat(contains(peer.getIpBlock().getCidr(), block))
                                        .as("the API server takes %s", block)
                                        .isTrue()));
        assertThat(open)
                .anySatisfy(peer -> assertThat(peer.getIpBlock().getExcept())
                        .anySatisfy(
                                block -> assertThat(contains(block, address)).isTrue()));
    }

    private static boolean contains(String block, String address) {
        return new IPAddressString(block).contains(new IPAddressString(address));
    }

    @Test
    void noMetadataServiceIsAMachine() throws Exception {
        assertThat(egress(
                        null,
                        false,
                        host("a", "169.254.169.254", 80),
                        host("b", "fe80::1", 80),
                        host("c", "fd00:ec2::254", 80),
                        host("d", "::ffff:169.254.169.254", 80),
                        host("e", "100.100.100.200", 80),
                        host("f", "192.0.0.192", 80),
                        host("g", "168.63.129.16", 80),
                        host("h", "64:ff9b::a9fe:a9fe", 80),
                        host("i", "2002:a9fe:a9fe::1", 80)))
                .containsExactly("[{} {k8s-app=kube-dns}, 169.254.20.10/32] [53]");
    }

    @Test
    void theOperatorIsReachedInItsNamespaceOnly() throws Exception {
        assertThat(egress("http://xo.xo-system.svc:8082", true, host("a", "192.0.2.1", 22)))
                .containsExactly(
                        "[] [53]", "[{kubernetes.io/metadata.name=xo-system} {}] [8082]", "[192.0.2.1/32] [22]");
        assertThat(egress("http://10.0.0.7", true, host("a", "192.0.2.1", 22))).contains("[10.0.0.7/32] [80]");
        assertThat(egress("https://xo.example.com", true, host("a", "192.0.2.1", 22)))
                .contains("[] [443]");
    }
}
