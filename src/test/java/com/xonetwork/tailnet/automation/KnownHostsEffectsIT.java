package com.xonetwork.tailnet.automation;

import static com.xonetwork.tailnet.automation.KnownHostsTest.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.kube.Ownership;
import com.xonetwork.tailnet.scene.OperatorUnderTest;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.RealCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The record of host keys on a real API server: conflicts, limits and owners are its own. */
@RealCluster
@Execution(ExecutionMode.CONCURRENT)
class KnownHostsEffectsIT {

    /** Who else makes the record has it refused, where the admission policies are. */
    private final KubernetesClient operator;

    KnownHostsEffectsIT(ClusterUnderTest cluster) {
        this.operator = cluster.as(OperatorUnderTest.USER, "system:masters");
    }

    @AfterEach
    void close() {
        operator.close();
    }

    private static AutomationTemplate template(KubernetesClient client, String name) {
        return client.resource(Serialization.unmarshal("""
                        apiVersion: tailnet.xo-network.com/v1alpha1
                        kind: AutomationTemplate
                        metadata: {name: %s}
                        spec:
                          engine: ansible
                          source: {builtin: xo.tailnet.ping}
                          ssh: {keySecretRef: {name: ssh, key: id}, hostKeys: TrustOnFirstUse}
                        """.formatted(name), AutomationTemplate.class))
                .create();
    }

    private static RunInputs inputs(AutomationTemplate template, String... addresses) {
        var hosts = List.of(addresses).stream()
                .map(address -> new RunHost("node-" + address, address, 22, "root", null))
                .toList();
        return new RunInputs(
                template, hosts, "image", null, new ObjectMapper().createObjectNode(), false, "", List.of());
    }

    private static List<String> stored(KubernetesClient client, String name) {
        var found = client.configMaps().withName(name).get();
        return found == null
                ? List.of()
                : found.getData().get("known_hosts").lines().toList();
    }

    private static Optional<String> learn(KnownHostsEffects effects, AutomationTemplate template, int host) {
        return effects.record(template, Set.of("192.0.2." + host), List.of(line("192.0.2." + host, host)));
    }

    @Test
    void threeRunsOneAfterTheOther(KubernetesClient client) {
        var template = template(client, "three");
        var effects = new KnownHostsEffects(operator);
        for (var host = 1; host <= 3; host++) {
            assertThat(learn(effects, template, host)).isEmpty();
        }
        assertThat(stored(client, "three-known-hosts"))
                .containsExactly(line("192.0.2.1", 1), line("192.0.2.2", 2), line("192.0.2.3", 3));
        assertThat(effects.of(inputs(template, "192.0.2.3"))).isEqualTo(line("192.0.2.3", 3) + "\n");
    }

    @Test
    void severalAtTheSameTime(KubernetesClient client) throws Exception {
        var template = template(client, "many");
        var writers = IntStream.rangeClosed(1, 16)
                .<Callable<Optional<String>>>mapToObj(
                        host -> () -> learn(new KnownHostsEffects(operator), template, host))
                .toList();
        try (var threads = Executors.newFixedThreadPool(8)) {
            for (var done : threads.invokeAll(writers)) {
                assertThat(done.get()).isEmpty();
            }
        }
        assertThat(stored(client, "many-known-hosts")).hasSize(16).doesNotHaveDuplicates();
    }

    @Test
    void aKeyThatIsPinnedStaysWhateverIsLearnt(KubernetesClient client) {
        var template = template(client, "pinned");
        var effects = new KnownHostsEffects(operator);
        learn(effects, template, 1);
        assertThat(effects.record(template, Set.of("192.0.2.1"), List.of(line("192.0.2.1", 666))))
                .isEmpty();
        assertThat(stored(client, "pinned-known-hosts")).containsExactly(line("192.0.2.1", 1));
    }

    @Test
    void whatItsUserWroteStays(KubernetesClient client) {
        var template = template(client, "edited");
        var effects = new KnownHostsEffects(operator);
        learn(effects, template, 1);
        client.configMaps()
                .withName("edited-known-hosts")
                .edit(there -> new ConfigMapBuilder(there)
                        .addToData("known_hosts", "# by hand\n" + line("192.0.2.9", 9))
                        .addToData("notes", "kept")
                        .build());
        learn(effects, template, 2);
        assertThat(stored(client, "edited-known-hosts"))
                .containsExactly("# by hand", line("192.0.2.9", 9), line("192.0.2.2", 2));
        assertThat(client.configMaps().withName("edited-known-hosts").get().getData())
                .containsEntry("notes", "kept");
    }

    @Test
    void oneThatIsNotTheTemplatesIsNeitherTrustedNorChanged(KubernetesClient client) {
        var template = template(client, "taken");
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("taken-known-hosts")
                        .endMetadata()
                        .addToData("known_hosts", line("192.0.2.1", 666))
                        .build())
                .create();
        var effects = new KnownHostsEffects(operator);
        assertThat(learn(effects, template, 1))
                .hasValueSatisfying(problem -> assertThat(problem)
                        .contains(
                                "ConfigMap taken-known-hosts was not made by the operator for AutomationTemplate taken",
                                "delete it"));
        assertThat(stored(client, "taken-known-hosts")).containsExactly(line("192.0.2.1", 666));
        assertThatThrownBy(() -> effects.of(inputs(template, "192.0.2.1"))).isInstanceOf(StartRefused.class);

        // Whoever may make ConfigMaps can write any owner into them, and may know the name of the next one.
        var behind = template(client, "behind");
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("behind-known-hosts-3")
                        .withOwnerReferences(Ownership.by(behind))
                        .endMetadata()
                        .addToData("known_hosts", line("192.0.2.1", 666))
                        .build())
                .create();
        assertThat(learn(effects, behind, 1))
                .hasValueSatisfying(problem -> assertThat(problem).contains("behind-known-hosts-3 was not made"));
        assertThatThrownBy(() -> effects.of(inputs(behind, "192.0.2.1"))).isInstanceOf(StartRefused.class);
    }

    /** Whoever may edit the record can add to it, and a runner believes an authority for any host. */
    @Test
    void onlyPlainLinesOfTheRunsHostsAreHandedOn(KubernetesClient client) {
        var template = template(client, "wide");
        var effects = new KnownHostsEffects(operator);
        learn(effects, template, 1);
        client.configMaps()
                .withName("wide-known-hosts")
                .edit(there -> new ConfigMapBuilder(there)
                        .addToData(
                                "known_hosts",
                                String.join(
                                        "\n",
                                        line("192.0.2.1", 1),
                                        "@cert-authority " + line("192.0.2.1", 2),
                                        "@cert-authority " + line("*", 3),
                                        line("*", 4),
                                        line("192.0.2.1,*", 5),
                                        line("192.0.2.7", 6)))
                        .build());
        assertThat(effects.of(inputs(template, "192.0.2.1"))).isEqualTo(line("192.0.2.1", 1) + "\n");
    }

    @Test
    void itGoesOnInAnotherConfigMapAndEndsSomewhere(KubernetesClient client) {
        var template = template(client, "large");
        var effects = new KnownHostsEffects(operator, 1_000);
        var lines = new ArrayList<String>();
        var hosts = new ArrayList<String>();
        for (var host = 1; host <= 200; host++) {
            hosts.add("192.0.2." + host);
            lines.add(line("192.0.2." + host, host));
        }
        assertThat(effects.record(template, Set.copyOf(hosts), lines))
                .hasValueSatisfying(problem -> assertThat(problem).contains("full", "Remove the lines"));
        var parts = client.configMaps().list().getItems().stream()
                .filter(found -> found.getMetadata().getName().startsWith("large-known-hosts"))
                .toList();
        assertThat(parts)
                .extracting(found -> found.getMetadata().getName())
                .containsExactlyInAnyOrder(
                        "large-known-hosts", "large-known-hosts-2", "large-known-hosts-3", "large-known-hosts-4");
        assertThat(parts).allSatisfy(part -> {
            assertThat(part.getData().get("known_hosts")).hasSizeBetween(800, 1_000);
            assertThat(part.getMetadata().getOwnerReferences())
                    .singleElement()
                    .satisfies(owner -> assertThat(owner.getUid())
                            .isEqualTo(template.getMetadata().getUid()));
        });
        var fromTheLast = stored(client, "large-known-hosts-4").getFirst();
        assertThat(effects.of(inputs(template, fromTheLast.split(" ", -1)[0]))).isEqualTo(fromTheLast + "\n");
    }

    /** As a real ConfigMap is: 2,000 machines with RSA keys, and more than the API server takes in one object. */
    @Test
    void moreThanOneObjectHolds(KubernetesClient client) {
        var template = template(client, "rsa");
        var effects = new KnownHostsEffects(operator);
        var key = KnownHostsTest.key("ssh-rsa", 1).replace("=", "A") + "A".repeat(1_000);
        var hosts = IntStream.range(0, 1_500).mapToObj("host-%d"::formatted).toList();
        assertThat(effects.record(
                        template,
                        Set.copyOf(hosts),
                        hosts.stream().map(host -> host + " ssh-rsa " + key).toList()))
                .isEmpty();
        assertThat(IntStream.rangeClosed(1, KnownHostsEffects.PARTS)
                        .map(part ->
                                stored(client, KnownHosts.name("rsa", part)).size())
                        .sum())
                .isEqualTo(1_500);
    }

    @Test
    void aTemplateWithTheLongestName(KubernetesClient client) {
        var template = template(client, "n".repeat(253));
        assertThat(learn(new KnownHostsEffects(operator), template, 1)).isEmpty();
        assertThat(client.configMaps().list().getItems())
                .extracting((ConfigMap found) -> found.getMetadata().getName())
                .anyMatch(name -> name.startsWith("nnn") && name.endsWith("-known-hosts"));
    }

    @Test
    void aRefusalIsTold(KubernetesClient client) {
        var template = template(client, "quota");
        var effects = new KnownHostsEffects(operator);
        learn(effects, template, 1);
        client.configMaps()
                .withName("quota-known-hosts")
                .edit(there -> new ConfigMapBuilder(there).withImmutable(true).build());
        assertThat(learn(effects, template, 2))
                .hasValueSatisfying(problem -> assertThat(problem).contains("HTTP 422", "immutable"));
    }
}
