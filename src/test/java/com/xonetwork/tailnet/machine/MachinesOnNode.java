package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.NodeUnderTest;
import com.xonetwork.tailnet.testbed.TailnetUnderTest;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Bare machines with sshd, a tailnet that they reach, and a policy that lets everything through. Needs {@code -Dcluster=node}. */
abstract class MachinesOnNode {

    NodeUnderTest node;
    private final List<String> started = new ArrayList<>();
    private String suffix = "";

    @BeforeEach
    void world(Scene scene, TailnetUnderTest tailnet) {
        assumeTrue(scene.cluster().node().isPresent(), "skipped: only -Dcluster=node has a node that runs pods");
        node = scene.cluster().node().orElseThrow();
        suffix = UUID.randomUUID().toString().substring(0, 4);
        scene.secret("ssh", Map.of("id", node.sshKey()));
        // The tests of a class share its tailnet, and its policy.
        scene.headscale("home", tailnet, "policy: {onForeignPolicy: Replace, guards: {maxRemovedEdgesRatio: 100}}\n");
        scene.policy("base", """
                fragment:
                  tagOwners: {"tag:web": ["xo@"]}
                  acls: [{action: accept, src: ["*"], dst: ["*:*"]}]
                """);
    }

    @AfterEach
    void machinesEnd() {
        if (node != null) {
            node.stopNetworks();
        }
        started.forEach(name -> node.stopMachine(name));
    }

    /** Starts a machine on which there is nothing but sshd. @return its name, unique among all tests */
    String bareMachine(String name) {
        var unique = name + "-" + suffix;
        node.startMachine(unique);
        started.add(unique);
        return unique;
    }

    /** Starts a machine on which nothing runs that could be reached. @return its name, unique among all tests */
    String closedMachine(String name) {
        var unique = name + "-" + suffix;
        node.startMachineWithoutSsh(unique);
        started.add(unique);
        return unique;
    }

    /** Asks for a machine to join over SSH, believing its own host key and no other. @param more lines of the spec, as YAML */
    void join(Scene scene, String machine, String more) {
        scene.node(machine, """
                hostname: %1$s
                tags: ["tag:web"]
                join:
                  ssh:
                    address: %2$s
                    keySecretRef: {name: ssh, key: id}
                    hostKey: "%3$s"
                    aptSource: "%4$s"
                """.formatted(machine, node.addressOf(machine), hostKey(machine), node.aptSource()) + more);
    }

    /** All preferences of the machine's tailscaled, but for the login itself. */
    ObjectNode preferences(String machine) {
        var printed =
                node.inMachine(machine, "tailscale", "debug", "prefs").orFail().stdout();
        try {
            var preferences = (ObjectNode) new ObjectMapper().readTree(printed);
            preferences.remove(List.of("Config", "InternalExitNodePrior"));
            return preferences;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sets what no TailnetNode can say: the machine lets nothing in, among others. */
    void setUpWithCare(String machine) {
        node.inMachine(
                        machine,
                        "tailscale",
                        "set",
                        "--shields-up",
                        "--snat-subnet-routes=false",
                        "--operator=nobody",
                        "--webclient",
                        "--nickname=with-care",
                        "--advertise-connector")
                .orFail();
        var preferences = preferences(machine);
        assertThat(preferences.path("ShieldsUp").asBoolean()).isTrue();
        assertThat(preferences.path("NoSNAT").asBoolean()).isTrue();
    }

    private String hostKey(String machine) {
        var line = node.inMachine(machine, "cat", "/etc/ssh/ssh_host_ed25519_key.pub")
                .orFail()
                .stdout()
                .strip();
        return line.split(" ")[0] + " " + line.split(" ")[1];
    }

    /** Far longer than it takes: machines are busy, and several join at the same time. */
    static final Duration LIMIT = Duration.ofMinutes(3);

    static void awaitReady(Scene scene, String machine) {
        scene.awaitTrue(TailnetNode.class, machine, "Ready", LIMIT);
    }

    /** For whoever reads the output: a limit for it would fail on a busy machine. */
    static void tell(String what, Instant since) {
        System.out.printf(
                "%s after %d s%n", what, Duration.between(since, Instant.now()).toSeconds());
    }

    /** Runs that the operator made, oldest first. */
    static List<AutomationRun> runs(Scene scene) {
        return scene.list(AutomationRun.class).stream()
                .sorted(Comparator.comparing(run -> run.getMetadata().getCreationTimestamp()))
                .toList();
    }

    static void assertOneDevice(TailnetUnderTest tailnet, String hostname) {
        assertThat(tailnet.machines().stream()
                        .filter(machine -> machine.hostname().equals(hostname)))
                .hasSize(1);
    }
}
