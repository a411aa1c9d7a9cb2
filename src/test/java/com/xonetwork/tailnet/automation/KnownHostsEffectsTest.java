package com.xonetwork.tailnet.automation;

import static com.xonetwork.tailnet.automation.KnownHostsTest.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What becomes of host keys when their write is refused, comes second or finds no room. */
class KnownHostsEffectsTest {

    private static final String HOST = "192.0.2.1";

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private static AutomationTemplate template(String hostKeys) {
        return Serialization.unmarshal("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: ping, namespace: net, uid: uid-ping}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh:
                    keySecretRef: {name: ssh, key: id}
                    hostKeys: %s
                    knownHostsSecretRef: {name: given, key: hosts}
                """.formatted(hostKeys), AutomationTemplate.class);
    }

    private static final AutomationTemplate TRUSTING = template("TrustOnFirstUse");

    private static RunInputs inputs(AutomationTemplate template, String... addresses) {
        var hosts = Stream.of(addresses)
                .map(address -> new RunHost("node", address, 22, "root", null))
                .toList();
        return new RunInputs(
                template, hosts, "image", null, new ObjectMapper().createObjectNode(), false, "", List.of());
    }

    private Optional<String> learn(AutomationTemplate template, String address, int seed) {
        return new KnownHostsEffects(api.client()).record(template, Set.of(address), List.of(line(address, seed)));
    }

    private String stored(String name) {
        return api.find(ConfigMap.class, "net", name)
                .map(found -> found.getData().get("known_hosts"))
                .orElse("");
    }

    private void somebodyElses(String text) {
        api.has(new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("net")
                .withName("ping-known-hosts")
                .endMetadata()
                .addToData("known_hosts", text)
                .build());
    }

    @Test
    void eachIsAddedToThoseBefore() {
        assertThat(learn(TRUSTING, HOST, 1)).isEmpty();
        assertThat(learn(TRUSTING, "192.0.2.2", 2)).isEmpty();
        assertThat(learn(TRUSTING, "192.0.2.3", 3)).isEmpty();

        assertThat(stored("ping-known-hosts").lines())
                .containsExactly(line(HOST, 1), line("192.0.2.2", 2), line("192.0.2.3", 3));
    }

    /** Who is in between the runner and the machine the second time gets nothing from it. */
    @Test
    void aKeyThatIsThereStays() {
        learn(TRUSTING, HOST, 1);
        assertThat(learn(TRUSTING, HOST, 666)).isEmpty();

        assertThat(stored("ping-known-hosts")).isEqualTo(line(HOST, 1) + "\n");
        assertThat(new KnownHostsEffects(api.client()).of(inputs(TRUSTING, HOST)))
                .isEqualTo(line(HOST, 1) + "\n");
    }

    @Test
    void aKeyThatTheUserGaveCountsAsWell() {
        api.has(new SecretBuilder()
                .withNewMetadata()
                .withNamespace("net")
                .withName("given")
                .endMetadata()
                .addToStringData("hosts", line(HOST, 7))
                .build());

        assertThat(learn(TRUSTING, HOST, 666)).isEmpty();
        assertThat(api.writes()).isEmpty();
        assertThat(new KnownHostsEffects(api.client()).of(inputs(template("Strict"), HOST)))
                .isEqualTo(line(HOST, 7) + "\n");
    }

    @Test
    void withoutTrustNothingIsLearntOrUsed() {
        learn(TRUSTING, HOST, 1);
        var strict = template("Strict");

        assertThat(learn(strict, "192.0.2.2", 2)).isEmpty();
        assertThat(stored("ping-known-hosts")).isEqualTo(line(HOST, 1) + "\n");
        assertThat(new KnownHostsEffects(api.client()).of(inputs(strict, HOST))).isEmpty();
    }

    @Test
    void whatAnotherRunWroteMeanwhileStays() {
        learn(TRUSTING, HOST, 1);
        var before = api.get(ConfigMap.class, "net", "ping-known-hosts");
        api.before(
                "PATCH",
                "configmaps",
                () -> api.has(new ConfigMapBuilder(before)
                        .addToData("known_hosts", line(HOST, 1) + "\n" + line("192.0.2.9", 9))
                        .build()));

        assertThat(learn(TRUSTING, "192.0.2.2", 2)).isEmpty();
        assertThat(stored("ping-known-hosts").lines())
                .containsExactly(line(HOST, 1), line("192.0.2.9", 9), line("192.0.2.2", 2));
    }

    @Test
    void whoMakesTheRecordSecondAddsToIt() {
        var other = new KnownHostsEffects(api.client());
        assertThat(other.record(TRUSTING, Set.of(HOST), List.of(line(HOST, 1)))).isEmpty();
        var first = api.get(ConfigMap.class, "net", "ping-known-hosts");
        api.lacks(first);
        api.before("POST", "configmaps", () -> api.has(first));

        assertThat(learn(TRUSTING, "192.0.2.2", 2)).isEmpty();
        assertThat(stored("ping-known-hosts").lines()).containsExactly(line(HOST, 1), line("192.0.2.2", 2));
    }

    @Test
    void aRefusalIsToldAndNotThrown() {
        api.refuses("POST", "configmaps", 403, "exceeded quota: none");

        assertThat(learn(TRUSTING, HOST, 1))
                .hasValueSatisfying(words -> assertThat(words)
                        .contains("the next run trusts the first key again", "HTTP 403: exceeded quota: none"));
    }

    @Test
    void whoNeverGetsHisTurnSaysSo() {
        learn(TRUSTING, HOST, 1);
        api.refuses("PATCH", "configmaps", 409, "the object has been modified");

        assertThat(learn(TRUSTING, "192.0.2.2", 2))
                .contains("the host keys were not recorded: the ConfigMap ping-known-hosts keeps being changed by"
                        + " others");
        assertThat(api.writes().stream().filter(write -> write.startsWith("PATCH")))
                .as("it gives up")
                .hasSize(30);
    }

    @Test
    void whatFindsNoRoomIsCounted() {
        var bytes = line(HOST, 1).length() + 2;
        var effects = new KnownHostsEffects(api.client(), bytes);
        var hosts =
                Stream.of(1, 2, 3, 4, 5, 6).map(number -> "192.0.2." + number).toList();
        var lines = hosts.stream().map(host -> line(host, 1)).toList();

        assertThat(effects.record(TRUSTING, Set.copyOf(hosts), lines))
                .hasValueSatisfying(words -> assertThat(words)
                        .startsWith("2 host keys were not recorded: the ConfigMaps ping-known-hosts to 4 are full"));
        assertThat(api.names())
                .containsExactly(
                        "configmaps/ping-known-hosts",
                        "configmaps/ping-known-hosts-2",
                        "configmaps/ping-known-hosts-3",
                        "configmaps/ping-known-hosts-4");
    }

    @Test
    void aRecordOfSomebodyElseIsNeitherTrustedNorChanged() {
        somebodyElses(line(HOST, 666));

        assertThatThrownBy(() -> new KnownHostsEffects(api.client()).of(inputs(TRUSTING, HOST)))
                .isInstanceOf(StartRefused.class);
        assertThat(learn(TRUSTING, HOST, 1))
                .hasValueSatisfying(words ->
                        assertThat(words).contains("was not made by the operator for AutomationTemplate ping"));
        assertThat(stored("ping-known-hosts")).isEqualTo(line(HOST, 666));
    }
}
