package com.xonetwork.tailnet.observability;

import com.xonetwork.tailnet.testing.WrittenFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/metrics.md} is what {@link Metric} says. {@code hack/crds} writes it. */
class MetricsPageTest {

    static final Path PAGE = Path.of("docs/reference/metrics.md");

    private static final String HEAD = """
            # Metrics

            Written by `hack/crds` from the code: do not change it here. `/q/metrics` on port 8080 has them in Prometheus' text format, together with those
            of the Java Operator SDK (`operator_sdk_*`), of the JVM and of the HTTP server. The number of series does not grow with the number of resources
            or devices, but with that of tailnets, HealPolicies and AutomationTemplates. Only the replica that leads has those of resources and tailnets.

            A timer has three series for each set of labels: `NAME_count`, `NAME_sum` and `NAME_max`.

            | name | kind | labels | what it is |
            |---|---|---|---|
            """;

    @Test
    void thePageSaysWhatTheCodeDoes() {
        WrittenFile.assertSays(
                PAGE,
                HEAD + Arrays.stream(Metric.values()).map(MetricsPageTest::row).collect(Collectors.joining()));
    }

    private static String row(Metric metric) {
        return "| `%s` | %s | %s | %s |\n"
                .formatted(
                        metric.prometheusName(),
                        metric.kind().name().toLowerCase(Locale.ROOT),
                        metric.labels().stream().map(label -> '`' + label + '`').collect(Collectors.joining(", ")),
                        metric.help());
    }
}
