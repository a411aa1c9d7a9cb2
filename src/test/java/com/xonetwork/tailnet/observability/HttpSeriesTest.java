package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class HttpSeriesTest {

    private static final String REQUESTS = "http.server.requests";

    @Test
    void inventedPathsAndMethodsAreOneSeries() {
        var registry = new SimpleMeterRegistry();
        registry.config().meterFilter(new HttpSeries());
        for (var i = 0; i < 300; i++) {
            registry.timer(REQUESTS, "method", "POST", "uri", "/runner/v1/" + i, "status", "401")
                    .record(() -> {});
            registry.timer(REQUESTS, "method", "M" + i, "uri", "/api/runs/" + i, "status", "405")
                    .record(() -> {});
        }
        registry.timer(REQUESTS, "method", "GET", "uri", "/api/runs/{id}", "status", "200")
                .record(() -> {});
        registry.timer("xo.other", "uri", "/anything").record(() -> {});

        assertThat(registry.getMeters())
                .extracting(Meter::getId)
                .extracting(id -> id.getName() + " " + id.getTag("method") + " " + id.getTag("uri"))
                .containsExactlyInAnyOrder(
                        REQUESTS + " POST UNKNOWN",
                        REQUESTS + " OTHER UNKNOWN",
                        REQUESTS + " GET /api/runs/{id}",
                        "xo.other null /anything");
    }

    @Test
    void everyPathOfTheApiHasItsSeries() throws IOException {
        var api = new ObjectMapper(new YAMLFactory())
                .readTree(Path.of("docs/reference/openapi.yaml").toFile());
        api.path("paths")
                .fieldNames()
                .forEachRemaining(path -> assertThat(HttpSeries.PATHS).contains(path));
        assertThat(api.path("paths")).isNotEmpty();
    }
}
