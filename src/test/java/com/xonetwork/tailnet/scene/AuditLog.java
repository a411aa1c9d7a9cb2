package com.xonetwork.tailnet.scene;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What the API server was asked by the operator, in the API server's own words. */
public final class AuditLog {

    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final String user;
    private long from;

    /** Skips the test where the cluster is not ours to configure. */
    public AuditLog(ClusterUnderTest cluster, OperatorUnderTest operator) {
        var log = cluster.auditLog();
        assumeTrue(log.isPresent(), "this cluster shows no audit log");
        file = log.orElseThrow();
        user = operator.user();
        mark();
    }

    /** Only what comes from now on counts. */
    public void mark() {
        try {
            from = Files.size(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The operator's writes since the mark, for example {@code update tailnetnodes/status web-1}. */
    public List<String> writes() {
        return events().filter(event -> WRITES.contains(event.path("verb").asText()))
                .map(AuditLog::text)
                .toList();
    }

    /** Those of {@link #writes} that changed something: not what was refused, such as an object that was there already. */
    public List<String> effects() {
        return events().filter(event -> WRITES.contains(event.path("verb").asText()))
                .filter(event -> event.at("/responseStatus/code").asInt() < 300)
                .map(AuditLog::text)
                .toList();
    }

    /** Everything that the operator asked for since the mark. */
    public List<String> requests() {
        return events().map(AuditLog::text).toList();
    }

    /** Everything that the operator asked of one namespace since the mark, but for lists and watches of kinds. */
    public List<String> requestsOf(String namespace) {
        return events().filter(
                        event -> event.at("/objectRef/namespace").asText().equals(namespace))
                .map(AuditLog::text)
                .toList();
    }

    /** The path of every request of the operator since the mark. */
    public List<String> paths() {
        return events().map(event -> event.path("requestURI").asText()).toList();
    }

    /** Every right that the operator has used since the cluster was started, for example {@code update tailnet.xo-network.com/tailnetnodes/status}. */
    public SortedSet<String> rightsUsed() {
        return rightsUsed(file, user);
    }

    static SortedSet<String> rightsUsed(Path file, String user) {
        var used = new TreeSet<String>();
        try (var files = Files.newDirectoryStream(file.getParent(), "audit*.log")) {
            for (var part : files) {
                try (var lines = Files.lines(part)) {
                    lines.filter(line -> line.contains(user))
                            .map(AuditLog::parse)
                            .filter(event -> event.at("/user/username").asText().equals(user))
                            .filter(event -> event.at("/annotations/authorization.k8s.io~1decision")
                                    .asText()
                                    .equals("allow"))
                            .filter(event -> event.has("objectRef"))
                            .map(AuditLog::right)
                            .forEach(used::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return used;
    }

    private static String right(JsonNode event) {
        return event.path("verb").asText() + " "
                + event.at("/objectRef/apiGroup").asText() + "/" + resource(event);
    }

    /** With its subresource, if any. */
    private static String resource(JsonNode event) {
        var object = event.path("objectRef");
        var subresource = object.path("subresource").asText();
        return object.path("resource").asText() + (subresource.isEmpty() ? "" : "/" + subresource);
    }

    private Stream<JsonNode> events() {
        try (var bytes = Files.newInputStream(file)) {
            bytes.skipNBytes(from);
            var text = new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
            // The last line may still be in the writing.
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(AuditLog::parse)
                    .filter(event -> event.at("/user/username").asText().equals(user));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(JsonNode event) {
        return (event.path("verb").asText() + " " + resource(event) + " "
                        + event.at("/objectRef/name").asText())
                .strip();
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not an audit event: " + line, e);
        }
    }
}
