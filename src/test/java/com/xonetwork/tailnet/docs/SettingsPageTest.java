package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.config.OperatorConfig;
import com.xonetwork.tailnet.testing.WrittenFile;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/reference/settings.md} is what {@link OperatorConfig} and the chart say. {@code hack/crds} writes it. */
class SettingsPageTest {

    private static final Path PAGE = Path.of("docs/reference/settings.md");

    private static final String HEAD = """
            # Settings of the operator

            Written by `hack/crds` from `config/OperatorConfig` and the chart: do not change it here.

            Set them as environment variables, or as Java properties (`java -Dname=value -jar ...`). A duration is a number of seconds, or `500MS`, `30S`, `10M`,
            `1H`. Entries of a list are separated by commas. Changes take effect at the next start.

            With Helm, use the value in the last column where there is one. `(chart)` means that the chart sets it, so leave it alone. Leave hosts and ports alone
            too: the chart's Service and NetworkPolicy name them. Set all others with `extraEnv`:

            ```
            # values.yaml
            extraEnv:
              - {name: TAILNET_OPERATOR_REJECTED_RETRY, value: "5M"}
            ```

            | setting, environment variable | type | default | what it does | Helm value |
            |---|---|---|---|---|
            """;

    private static final String TAIL = """

            The rest is Quarkus. These are the settings that people need:

            | environment variable | default | what it does | Helm value |
            |---|---|---|---|
            | `QUARKUS_OPERATOR_SDK_NAMESPACES` | all | namespaces that the operator serves | `watchNamespaces` |
            | `QUARKUS_OPERATOR_SDK_CONCURRENT_RECONCILIATION_THREADS` | `50` | threads of the controllers; set `tailnet-operator.control-plane.threads` to the same number | |
            | `QUARKUS_MANAGEMENT_PORT` | `8080` | port of `/q/health` and `/q/metrics` | |
            | `QUARKUS_HTTP_PORT` | `8083` | port of the Service Manager API | |
            | `QUARKUS_HTTP_HOST_ENABLED` | `true` | `false` switches the Service Manager API off | `service.api` |
            | `QUARKUS_LOG_LEVEL` | `INFO` | log level | `logging.level` |
            | `QUARKUS_LOG_CONSOLE_JSON_ENABLED` | `false`, in the chart `true` | log lines as JSON | `logging.json` |
            | `QUARKUS_OTEL_SDK_DISABLED` | `true` | `false` sends logs and traces by OTLP ([how](../how-to/forward-logs-and-traces.md)) | |
            """;

    /** One setting: a method of the mapping that is not a group of others. */
    private record Setting(String property, Method method) {
        String environmentVariable() {
            return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
        }
    }

    @Test
    void thePageSaysWhatTheCodeDoes() throws IOException {
        var sentences = Javadocs.ofMethods(Path.of("src/main/java/com/xonetwork/tailnet/config/OperatorConfig.java"));
        var values = ChartValues.byVariable(Path.of("helm/xo-tailnet-operator/templates"));

        var rows = settings().map(setting -> row(setting, sentences, values)).collect(Collectors.joining());

        WrittenFile.assertSays(PAGE, HEAD + rows + TAIL);
    }

    /** A variable of the chart that the operator does not know would have no effect, and nobody would notice. */
    @Test
    void theOperatorReadsWhatTheChartSets() throws IOException {
        var known = settings().map(Setting::environmentVariable).toList();

        assertThat(ChartValues.byVariable(Path.of("helm/xo-tailnet-operator/templates"))
                        .keySet())
                .filteredOn(name -> name.startsWith("TAILNET_OPERATOR_"))
                .isNotEmpty()
                .isSubsetOf(known);
    }

    private static Stream<Setting> settings() {
        var prefix = OperatorConfig.class.getAnnotation(ConfigMapping.class).prefix();
        return settings(prefix, OperatorConfig.class).sorted(Comparator.comparing(Setting::property));
    }

    private static Stream<Setting> settings(String prefix, Class<?> group) {
        return Arrays.stream(group.getDeclaredMethods()).flatMap(method -> {
            var property = prefix + "." + kebab(method.getName());
            return isGroup(method)
                    ? settings(property, method.getReturnType())
                    : Stream.of(new Setting(property, method));
        });
    }

    private static boolean isGroup(Method method) {
        return method.getReturnType().getName().startsWith(OperatorConfig.class.getName());
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    private static String row(Setting setting, Map<String, String> sentences, Map<String, String> values) {
        var method = setting.method();
        var key = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        assertThat(sentences).as("settings with Javadoc").containsKey(key);
        var value = values.getOrDefault(setting.environmentVariable(), "");
        return "| `%s`<br>`%s` | %s | %s | %s | %s |\n"
                .formatted(
                        setting.property(),
                        setting.environmentVariable(),
                        type(method.getGenericReturnType()),
                        defaultValue(method),
                        sentences.get(key),
                        value);
    }

    private static String defaultValue(Method method) {
        var given = method.getAnnotation(WithDefault.class);
        if (given != null) {
            return "`" + given.value() + "`";
        }
        assertThat(method.getReturnType())
                .as("%s has no default, so it must be optional", method)
                .isEqualTo(Optional.class);
        return "none";
    }

    private static String type(Type type) {
        if (type instanceof ParameterizedType generic) {
            var inner = type(generic.getActualTypeArguments()[0]);
            return generic.getRawType() instanceof Class<?> raw && Collection.class.isAssignableFrom(raw)
                    ? "list"
                    : inner;
        }
        if (type == Duration.class) {
            return "duration";
        }
        if (type == boolean.class) {
            return "boolean";
        }
        if (List.<Type>of(int.class, long.class).contains(type)) {
            return "integer";
        }
        if (type == URI.class) {
            return "URL";
        }
        assertThat(List.<Type>of(String.class, Path.class)).contains(type);
        return type == Path.class ? "path" : "text";
    }
}
