package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpLabelsTest {

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

    @BeforeEach
    void filter() {
        registry.config().meterFilter(new HttpLabels());
    }

    @Test
    void whatCallersMakeUpIsOneSeries() {
        for (var i = 0; i < 500; i++) {
            registry.timer("http.server.requests", "method", "MADEUP" + i, "uri", "/bootstrap/a/" + i, "status", "405");
        }
        assertThat(registry.getMeters())
                .singleElement()
                .satisfies(meter -> assertThat(meter.getId().getTags())
                        .containsExactlyInAnyOrder(
                                Tag.of("method", "OTHER"), Tag.of("uri", "OTHER"), Tag.of("status", "405")));
    }

    @Test
    void whatIsKnownStays() {
        registry.timer("http.server.requests", "method", "GET", "uri", "/api/runs/{id}");
        registry.timer("xo.tailnet.runs", "method", "MADEUP", "uri", "/somewhere");
        assertThat(registry.getMeters())
                .flatExtracting(meter -> meter.getId().getTags())
                .extracting(Tag::getValue)
                .containsExactlyInAnyOrder("GET", "/api/runs/{id}", "MADEUP", "/somewhere");
    }

    @Test
    void everyPathOfTheApiIsKnown() throws IOException {
        try (Stream<String> lines = Files.lines(Path.of("docs/reference/openapi.yaml"))) {
            List<String> paths = lines.map(Pattern.compile("^ {2}(/\\S+):$")::matcher)
                    .filter(Matcher::matches)
                    .map(path -> path.group(1))
                    .toList();
            assertThat(paths).hasSizeGreaterThan(5);
            assertThat(HttpLabels.PATHS).containsAll(paths);
        }
    }
}
