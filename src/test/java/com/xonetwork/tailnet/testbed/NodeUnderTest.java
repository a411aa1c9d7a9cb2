package com.xonetwork.tailnet.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A node of the testbed that runs pods, and machines outside the cluster on the same network. */
public final class NodeUnderTest {

    /** What {@code hack/images load} has put there. */
    public static final String RUNNER_IMAGE = "localhost/xo-runner:dev";

    /** The packaged operator, once {@link #loadOperatorImage} was called: repository, and tag. */
    public static final String OPERATOR_REPOSITORY = "localhost/xo-tailnet-operator";

    public static final String OPERATOR_TAG = "dev";

    private final Testbed testbed;

    NodeUnderTest(Testbed testbed) {
        this.testbed = testbed;
    }

    /** Where pods and machines find this process. */
    public String hostAddress() {
        return testbed.setting("XO_NODE_ADDRESS");
    }

    /** Makes an image of the packaged operator, and brings it to the node. */
    public void loadOperatorImage() {
        testbed.images("operator").orFail();
    }

    /** Starts a machine with sshd. @return its address */
    public String startMachine(String name) {
        return machine(name);
    }

    /** Starts a machine on which nothing listens. @return its address */
    public String startMachineWithoutSsh(String name) {
        return machine(name, "--no-ssh");
    }

    private String machine(String name, String... options) {
        var command = new ArrayList<>(List.of("machine", "start", name));
        command.addAll(List.of(options));
        testbed.run(command.toArray(String[]::new)).orFail();
        return testbed.run("machine", "address", name).orFail().stdout().strip();
    }

    public String addressOf(String machine) {
        return testbed.run("machine", "address", machine).orFail().stdout().strip();
    }

    /** Line of an APT source that machines reach, with a package tailscale. */
    public String aptSource() {
        return testbed.run("machine", "packages").orFail().stdout().strip();
    }

    /** A network behind machines, in which 192.168.50.10 answers on TCP port 8000 and, one hop further, 203.0.113.10. */
    public void startNetwork(String name, String... machines) {
        var command = new ArrayList<>(List.of("machine", "lan", name));
        command.addAll(List.of(machines));
        testbed.run(command.toArray(String[]::new)).orFail();
    }

    /** Ends what {@link #startNetwork} started. */
    public void stopNetworks() {
        testbed.run("machine", "lan-stop-all").orFail();
    }

    /** Whether a TCP connection comes about from a machine. */
    public boolean reaches(String machine, String address, int port) {
        return inMachine(machine, "timeout", "3", "bash", "-c", "exec 3<>/dev/tcp/" + address + "/" + port)
                .succeeded();
    }

    /** Has a machine answer at a further address, which pods reach through the node, until the machine is stopped. */
    public void answersAlsoAt(String machine, String address) {
        testbed.run("machine", "also", machine, address).orFail();
    }

    public void stopMachine(String name) {
        testbed.run("machine", "stop", name).orFail();
    }

    /** Runs a command in a machine, past SSH. */
    public CommandResult inMachine(String name, String... command) {
        var line = new ArrayList<>(List.of("machine", "exec", name));
        line.addAll(List.of(command));
        return testbed.run(line.toArray(String[]::new));
    }

    /** What the cluster has stored of a namespace, by the keys of its database. */
    public Map<String, String> stored(String namespace) {
        var all = StoredObjects.of(URI.create(testbed.setting("XO_ETCD")), "/registry/");
        all.keySet().removeIf(key -> !key.contains("/" + namespace + "/"));
        return all;
    }

    /** The private key that every machine takes for root. */
    public String sshKey() {
        try {
            return Files.readString(
                    Path.of(testbed.run("machine", "key").orFail().stdout().strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
