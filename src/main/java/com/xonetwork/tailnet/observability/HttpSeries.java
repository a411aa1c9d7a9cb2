package com.xonetwork.tailnet.observability;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import java.util.Set;

/**
 * Keeps the time series of HTTP requests few. Strangers choose paths and methods: each that is none of ours would become a series,
 * and after a hundred the framework shows no path any more, of the API neither.
 */
public final class HttpSeries implements MeterFilter {

    /** All paths that the process serves, as the framework writes them, and its words for what is none. */
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
            "/q/health",
            "/q/health/live",
            "/q/health/ready",
            "/q/health/started",
            "/q/metrics",
            "root",
            "NOT_FOUND",
            "REDIRECTION",
            "UNKNOWN");

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");
    private static final String PREFIX = "http.server.";

    @Override
    public Meter.Id map(Meter.Id id) {
        if (!id.getName().startsWith(PREFIX)) {
            return id;
        }
        return id.replaceTags(id.getTags().stream()
                .map(tag -> switch (tag.getKey()) {
                    case "uri" -> PATHS.contains(tag.getValue()) ? tag : Tag.of("uri", "UNKNOWN");
                    case "method" -> METHODS.contains(tag.getValue()) ? tag : Tag.of("method", "OTHER");
                    default -> tag;
                })
                .toList());
    }
}
