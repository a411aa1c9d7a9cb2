package com.xonetwork.tailnet.observability;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.List;
import java.util.Set;

/**
 * Labels of the metrics of HTTP requests that come in. The library takes the method as the caller writes it, and the path where a method
 * is not allowed: each made-up one would be a time series for ever. What is not known here is {@code OTHER}.
 */
public final class HttpLabels implements MeterFilter {

    private static final String OTHER = "OTHER";
    private static final String REQUESTS = "http.server.";
    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT");
    /** Of the resources, and what the library says where none matches. */
    static final Set<String> PATHS = Set.of(
            "/api/execute",
            "/api/openapi",
            "/api/runs",
            "/api/runs/{id}",
            "/api/runs/{id}/approve",
            "/api/runs/{id}/cancel",
            "/api/runs/{id}/events",
            "/api/runs/{id}/log",
            "/bootstrap/{namespace}/{name}",
            "/q/openapi",
            "root",
            "NOT_FOUND",
            "REDIRECTION",
            "UNKNOWN");

    @Override
    public Meter.Id map(Meter.Id id) {
        return id.getName().startsWith(REQUESTS) ? id.replaceTags(known(id.getTags())) : id;
    }

    private static List<Tag> known(List<Tag> tags) {
        return tags.stream()
                .map(tag -> switch (tag.getKey()) {
                    case "method" -> of(METHODS, tag);
                    case "uri" -> of(PATHS, tag);
                    default -> tag;
                })
                .toList();
    }

    private static Tag of(Set<String> known, Tag tag) {
        return known.contains(tag.getValue()) ? tag : Tag.of(tag.getKey(), OTHER);
    }
}
