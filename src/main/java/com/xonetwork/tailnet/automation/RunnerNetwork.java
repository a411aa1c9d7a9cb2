package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.controlplane.AddressRules;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.runner.AttemptKey;
import inet.ipaddr.IPAddressString;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRule;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyEgressRuleBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the pod of an attempt may reach: the name servers of its cluster, the operator's port for runners, and the SSH ports of its
 * machines at their addresses. It lets nobody reach the pod.
 *
 * <p>A policy has no names. Where a machine is found by its name, its port is open to every address but those that
 * {@link AddressRules} forbid, where clouds have the credentials of their nodes.
 */
@Pure
final class RunnerNetwork {

    private static final String NAMESPACE_LABEL = "kubernetes.io/metadata.name";
    private static final String NODE_LOCAL_DNS = "169.254.20.10/32";
    private static final int DNS = 53;

    private RunnerNetwork() {}

    static NetworkPolicy policy(
            AutomationRun run, AttemptKey key, AttemptOrder order, RunInputs inputs, RunnerSettings settings) {
        var egress = new ArrayList<NetworkPolicyEgressRule>();
        egress.add(rule(settings.dnsAnywhere() ? List.of() : nameServers(), port("UDP", DNS), port("TCP", DNS)));
        settings.callback().map(URI::create).ifPresent(url -> egress.add(rule(operator(url), port("TCP", port(url)))));
        egress.addAll(machines(order, inputs));
        return new NetworkPolicyBuilder()
                .withMetadata(RunnerJob.metadata(run, key, Map.of()))
                .withNewSpec()
                .withNewPodSelector()
                .addToMatchLabels(AttemptJobs.JOB_NAME, key.objectName())
                // Reserved to the operator's pods, as the label of the Job is not.
                .addToMatchLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .addToMatchLabels(RunnerJob.COMPONENT, RunnerJob.RUNNER)
                .endPodSelector()
                .withPolicyTypes("Ingress", "Egress")
                .withEgress(egress)
                .endSpec()
                .build();
    }

    private static List<NetworkPolicyEgressRule> machines(AttemptOrder order, RunInputs inputs) {
        var addresses = new TreeMap<Integer, TreeSet<String>>();
        var named = new TreeSet<Integer>();
        inputs.hosts().stream()
                .filter(host -> order.hosts().contains(host.name()))
                .forEach(host -> {
                    var address = address(host.address());
                    if (address.isEmpty()) {
                        named.add(host.port());
                    } else if (!AddressRules.isForbidden(host.address())) {
                        addresses
                                .computeIfAbsent(host.port(), any -> new TreeSet<>(Comparator.naturalOrder()))
                                .add(address.get());
                    }
                });
        var rules = new ArrayList<NetworkPolicyEgressRule>();
        addresses.forEach((port, blocks) -> rules.add(rule(
                blocks.stream().map(block -> peer(block, List.of())).toList(), port("TCP", port))));
        named.forEach(port -> rules.add(rule(
                List.of(
                        peer("0.0.0.0/0", and(AddressRules.FORBIDDEN_IPV4_BLOCKS, "127.0.0.0/8")),
                        peer("::/0", and(AddressRules.FORBIDDEN_IPV6_BLOCKS, "::1/128"))),
                port("TCP", port))));
        return rules;
    }

    /** The block of one address; empty for a name. */
    private static Optional<String> address(String text) {
        var parsed = new IPAddressString(text).getAddress();
        if (parsed == null || parsed.isMultiple() || parsed.isPrefixed()) {
            return Optional.empty();
        }
        var address = parsed.isIPv6() && parsed.toIPv6().isIPv4Mapped()
                ? parsed.toIPv6().getEmbeddedIPv4Address()
                : parsed;
        return Optional.of(address.toCanonicalString() + (address.isIPv4() ? "/32" : "/128"));
    }

    private static List<String> and(List<String> blocks, String another) {
        return Stream.concat(blocks.stream(), Stream.of(another)).toList();
    }

    private static List<NetworkPolicyPeer> nameServers() {
        return List.of(
                new NetworkPolicyPeerBuilder()
                        .withNewNamespaceSelector()
                        .endNamespaceSelector()
                        .withNewPodSelector()
                        .addToMatchLabels("k8s-app", "kube-dns")
                        .endPodSelector()
                        .build(),
                peer(NODE_LOCAL_DNS, List.of()));
    }

    /** The namespace that a Service's name names; an address where the URL has one; otherwise it cannot be told. */
    private static List<NetworkPolicyPeer> operator(URI url) {
        var host = String.valueOf(url.getHost()).replaceAll("[\\[\\]]", "");
        var address = address(host);
        if (address.isPresent()) {
            return List.of(peer(address.get(), List.of()));
        }
        var labels = host.split("\\.", -1);
        return labels.length >= 3 && "svc".equals(labels[2])
                ? List.of(new NetworkPolicyPeerBuilder()
                        .withNewNamespaceSelector()
                        .addToMatchLabels(NAMESPACE_LABEL, labels[1])
                        .endNamespaceSelector()
                        .withNewPodSelector()
                        .endPodSelector()
                        .build())
                : List.of();
    }

    private static int port(URI url) {
        return url.getPort() > 0 ? url.getPort() : "https".equals(url.getScheme()) ? 443 : 80;
    }

    private static NetworkPolicyPeer peer(String block, List<String> but) {
        return new NetworkPolicyPeerBuilder()
                .withNewIpBlock()
                .withCidr(block)
                .withExcept(but)
                .endIpBlock()
                .build();
    }

    private static NetworkPolicyPort port(String protocol, int number) {
        return new NetworkPolicyPortBuilder()
                .withProtocol(protocol)
                .withNewPort(number)
                .build();
    }

    /** @param peers every address when empty */
    private static NetworkPolicyEgressRule rule(List<NetworkPolicyPeer> peers, NetworkPolicyPort... ports) {
        return new NetworkPolicyEgressRuleBuilder()
                .withTo(peers)
                .withPorts(ports)
                .build();
    }
}
