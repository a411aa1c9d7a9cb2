package com.xonetwork.tailnet.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Writes to namespaced objects as the API server's audit log has them, by verb and resource, from one moment on. */
final class AuditedWrites {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> WRITES = List.of("create", "update", "patch", "delete", "deletecollection");

    private final Path log;
    private final long from;

    private AuditedWrites(Path log, long from) {
        this.log = log;
        this.from = from;
    }

    static AuditedWrites fromNowOn(ClusterUnderTest cluster) throws IOException {
        var log = cluster.auditLog().orElseThrow(() -> new IllegalStateException("this cluster has no audit log"));
        return new AuditedWrites(log, Files.size(log));
    }

    /** For example {@code update tailnetnodes/status} to how often. */
    Map<String, Long> counted() throws IOException {
        var counts = new TreeMap<String, Long>();
        try (var file = Files.newInputStream(log)) {
            file.skipNBytes(from);
            for (var line : new String(file.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
                // The last line may not be whole yet.
                if (line.endsWith("}")) {
                    var event = JSON.readTree(line);
                    var about = event.path("objectRef");
                    if (WRITES.contains(event.path("verb").asText()) && about.has("namespace")) {
                        var part = about.path("subresource").asText();
                        counts.merge(
                                event.path("verb").asText() + " "
                                        + about.path("resource").asText() + (part.isEmpty() ? "" : "/" + part),
                                1L,
                                Long::sum);
                    }
                }
            }
        }
        return counts;
    }

    static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
