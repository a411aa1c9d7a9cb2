package com.xonetwork.tailnet.testbed;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** Headscale and real Tailscale nodes. Injected where {@link RealTailnet} is. */
public final class TailnetUnderTest implements AutoCloseable {
    /** Who owns the untagged nodes, as a policy names them. */
    public static final String USER = "xo@";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Testbed testbed;

    private TailnetUnderTest(Testbed testbed) {
        this.testbed = testbed;
    }

    static TailnetUnderTest start(String name) {
        // Where there are machines outside the cluster, they must reach it too.
        return new TailnetUnderTest(
                Testbed.up("tailnet-" + name, "--no-cluster", Cluster.hasNode() ? "--at-node" : "--tailnet"));
    }

    /** For example {@code https://127.0.0.1:24817}. */
    public URI url() {
        return URI.create(testbed.setting("HEADSCALE_URL"));
    }

    /** As {@code XO_TESTBED_DIR} names it to {@code hack/testbed}. */
    public Path directory() {
        return testbed.directory();
    }

    /** The certificate authority to trust for {@link #url()}. */
    public Path caFile() {
        return Path.of(testbed.setting("HEADSCALE_CA"));
    }

    public String caPem() {
        return read(caFile());
    }

    public String apiKey() {
        return read(Path.of(testbed.setting("HEADSCALE_API_KEY_FILE"))).strip();
    }

    /** Starts a machine and returns when it has joined: owned by {@link #USER}, or by the tags when there are some. */
    public void startNode(String name, String... tags) {
        startNode(name, List.of(tags), List.of());
    }

    /** Like {@link #startNode(String, String...)}, for a router: {@code 192.168.50.0/24}, or {@code 0.0.0.0/0} for an exit node. */
    public void startNode(String name, List<String> tags, List<String> advertisedRoutes) {
        var arguments = new ArrayList<>(List.of("node", "start", name));
        if (!tags.isEmpty()) {
            arguments.addAll(List.of("--tags", String.join(",", tags)));
        }
        if (!advertisedRoutes.isEmpty()) {
            arguments.addAll(List.of("--advertise-routes", String.join(",", advertisedRoutes)));
        }
        testbed.run(arguments.toArray(String[]::new)).orFail();
    }

    /** Starts a machine that joins with a key from a file, as {@code tailscale up --auth-key=file:...} reads it. */
    public void joinNode(String name, Path keyFile) {
        testbed.run(
                        "node",
                        "start",
                        name,
                        "--key-file",
                        keyFile.toAbsolutePath().toString())
                .orFail();
    }

    /** Starts the process of a machine that is in no tailnet yet. */
    public void startNodeOutside(String name) {
        testbed.run("node", "start", name, "--not-joined").orFail();
    }

    /** Where the machine's tailscaled listens. */
    public Path socketOf(String name) {
        return Path.of(testbed.run("node", "socket", name).orFail().stdout().strip());
    }

    /** Tailscale's command line on the machine. */
    public CommandResult tailscale(String name, String... arguments) {
        var line = new ArrayList<>(List.of("node", "tailscale", name));
        line.addAll(List.of(arguments));
        return testbed.run(line.toArray(String[]::new));
    }

    /** A join key that is good for one machine with these tags. */
    public String joinKey(String tags) {
        return headscale("preauthkeys", "create", "--expiration", "10m", "--tags", tags)
                .orFail()
                .stdout()
                .strip()
                .lines()
                .toList()
                .getLast();
    }

    /** {@code tailscale logout}: the machine's process runs on. */
    public void logOutNode(String name) {
        testbed.run("node", "logout", name).orFail();
    }

    /** Ends the machine's process; it stays in the tailnet, and {@code startNode} brings it back as the same node. */
    public void stopNode(String name) {
        testbed.run("node", "stop", name).orFail();
    }

    /** Ends the machine's process and deletes it from Headscale. */
    public void deleteNode(String name) {
        testbed.run("node", "delete", name).orFail();
    }

    /** Headscale's own command line: what an operator of Headscale would see and do by hand. */
    public CommandResult headscale(String... arguments) {
        var line = new ArrayList<>(List.of("headscale"));
        line.addAll(List.of(arguments));
        return testbed.run(line.toArray(String[]::new));
    }

    /** The machines as Headscale lists them. */
    public List<Machine> machines() {
        var output = headscale("nodes", "list", "--output", "json").orFail().stdout();
        try {
            return StreamSupport.stream(JSON.readTree(output).spliterator(), false)
                    .map(Machine::of)
                    .toList();
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Optional<Machine> machine(String name) {
        return machines().stream()
                .filter(machine -> machine.hostname().equals(name))
                .findFirst();
    }

    @Override
    public void close() {
        testbed.close();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One node of Headscale.
     *
     * @param id Headscale's number for it
     * @param hostname what the machine calls itself
     * @param givenName what the tailnet calls it
     * @param online whether Headscale holds a connection to it
     * @param tags its tags
     * @param approvedRoutes the routes that may be used
     * @param nodeKey the public key that it logged in with last
     */
    public record Machine(
            long id,
            String hostname,
            String givenName,
            boolean online,
            List<String> tags,
            List<String> approvedRoutes,
            String nodeKey) {

        private static Machine of(JsonNode node) {
            return new Machine(
                    node.path("id").asLong(),
                    node.path("name").asText(),
                    node.path("given_name").asText(),
                    node.path("online").asBoolean(),
                    texts(node.path("tags")),
                    texts(node.path("approved_routes")),
                    node.path("node_key").asText());
        }

        private static List<String> texts(JsonNode array) {
            return StreamSupport.stream(array.spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();
        }
    }
}
