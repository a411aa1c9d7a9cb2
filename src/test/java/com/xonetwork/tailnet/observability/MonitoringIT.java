package com.xonetwork.tailnet.observability;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.OperatorUnderTest;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import com.xonetwork.tailnet.testbed.BackgroundProgram;
import com.xonetwork.tailnet.testbed.BuiltProgram;
import com.xonetwork.tailnet.testing.FreePort;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the running operator shows, read by a real Prometheus with the rules and the dashboard that are shipped. Runs alone:
 * metrics tell of every call that the process ever made, and other tests have theirs fail in every way.
 */
@RunningOperator
@Alone
class MonitoringIT {

    private static final Path ALERTS = Path.of("helm/xo-tailnet-operator/files/alerts.yaml");
    private static final Path RUNBOOK = Path.of("docs/operations/alerts.md");
    private static final String RUNBOOK_URL =
            "https://github.com/xo-network/xo-tailnet-operator/blob/main/docs/operations/alerts.md#";
    private static final Pattern NAME = Pattern.compile("xo_tailnet_[a-z_]+");
    private static final Pattern SERIES = Pattern.compile("(?m)^(xo_tailnet_[a-z_]+?)(\\{[^}]*})? \\S+$");
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Series that Prometheus makes of one of Micrometer's. */
    private static final Pattern SUFFIX = Pattern.compile("_(?:count|sum|max)$");

    private static void fleet(Scene scene, int from, int to) {
        IntStream.range(from, to).forEach(i -> {
            scene.simulator().addDevice(SimDevice.named("web-" + i));
            scene.node("web-" + i, "hostname: web-" + i);
        });
        scene.soon()
                .untilAsserted(() -> assertThat(scene.list(TailnetNode.class))
                        .filteredOn(node ->
                                node.getStatus() != null && node.getStatus().deviceId() != null)
                        .hasSize(to));
    }

    private static List<String> series(Scene scene) {
        return SERIES.matcher(scene.operator().process().metrics())
                .results()
                .map(match -> match.group(1) + (match.group(2) == null ? "" : match.group(2)))
                // Others' namespaces are other users' tailnets.
                .filter(one -> !one.contains("namespace=")
                        || one.contains("namespace=\"" + scene.cluster().namespace() + "\""))
                .toList();
    }

    @Test
    void whatIsShownIsDocumentedAndDoesNotGrowWithTheFleet(Scene scene) {
        scene.operator().restart();
        scene.tailnet("home", "");
        fleet(scene, 0, 5);
        scene.awaitReady(Tailnet.class, "home");
        scene.letPollsGoBy(2);
        var few = series(scene);
        fleet(scene, 5, 205);
        scene.letPollsGoBy(2);
        var many = series(scene);
        assertThat(many).hasSizeLessThanOrEqualTo(200);
        assertThat(many)
                .filteredOn(one -> !one.contains("operation="))
                .hasSameElementsAs(
                        few.stream().filter(one -> !one.contains("operation=")).toList());
        assertThat(many.toString()).contains("tailnet=\"home\"").doesNotContain("web-1");

        var documented =
                Arrays.stream(Metric.values()).collect(Collectors.toMap(Metric::prometheusName, Metric::labels));
        assertThat(many).isNotEmpty().allSatisfy(one -> {
            var name = NAME.matcher(one);
            assertThat(name.find()).isTrue();
            var plain = documented.containsKey(name.group())
                    ? name.group()
                    : SUFFIX.matcher(name.group()).replaceAll("");
            assertThat(documented).containsKey(plain);
            var labels = Pattern.compile("([a-z_]+)=\"").matcher(one).results().map(match -> match.group(1));
            assertThat(labels).containsExactlyInAnyOrderElementsOf(documented.get(plain));
        });
        assertThat(scene.operator().process().metrics()).contains("# HELP xo_tailnet_devices " + Metric.DEVICES.help());
    }

    /** After a hundred paths the framework shows none any more, of the API neither. */
    @Test
    void whatStrangersInventMakesNoSeries(Scene scene) throws IOException, InterruptedException {
        scene.operator().restart();
        var api = scene.operator().process().api();
        for (var i = 0; i < 150; i++) {
            var uid = UUID.randomUUID().toString();
            assertThat(send(
                            "POST",
                            OperatorUnderTest.runnerUrl() + "/runner/v1/namespaces/net/runs/" + uid
                                    + "/attempts/1/events"))
                    .isEqualTo(401);
            send("INVENTED" + i, OperatorUnderTest.runnerUrl() + "/invented-" + i);
            send("INVENTED" + i, api + "/api/runs/net.invented-" + i);
            send("DELETE", api + "/bootstrap/net/invented-" + i);
            send("POST", api + "/bootstrap/net/invented-" + i);
            send("GET", api + "/invented-" + i + "/%zz");
        }
        send("GET", api + "/api/runs/net.none");
        var shown = scene.operator()
                .process()
                .metrics()
                .lines()
                .filter(line -> line.startsWith("http_server"))
                .toList();
        assertThat(shown.toString()).contains("uri=\"/api/runs/{id}\"").doesNotContainIgnoringCase("invented");
        assertThat(shown).hasSizeLessThan(150);
    }

    private static int send(String method, String url) throws IOException, InterruptedException {
        var parts = URI.create(url.replace("%zz", "zz"));
        try (var socket = new Socket(parts.getHost(), parts.getPort())) {
            var path = url.substring(url.indexOf('/', "http://".length()));
            socket.getOutputStream()
                    .write((method + " " + path + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer junk\r\n"
                                    + "Content-Length: 0\r\nConnection: close\r\n\r\n")
                            .getBytes(UTF_8));
            var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
            return answer.isEmpty() ? 0 : Integer.parseInt(answer.substring(9, 12));
        }
    }

    @Test
    void everyAlertHasItsRunbookAndUsesWhatExists() throws IOException {
        var headings = Files.readAllLines(RUNBOOK).stream()
                .filter(line -> line.startsWith("### "))
                .map(line -> line.substring(4))
                .toList();
        var alerts = rules().map(rule -> rule.path("alert").asText()).toList();
        assertThat(headings).containsExactlyElementsOf(alerts);
        var known = new TreeSet<String>();
        for (var metric : Metric.values()) {
            known.add(metric.prometheusName());
            if (metric.kind() == Metric.Kind.TIMER) {
                known.addAll(List.of(metric.prometheusName() + "_count", metric.prometheusName() + "_sum"));
            }
        }
        var expressions = new ArrayList<>(Dashboard.expressions().toList());
        rules().forEach(rule -> {
            expressions.add(rule.path("expr").asText());
            var annotations = rule.path("annotations");
            assertThat(annotations.path("runbook_url").asText())
                    .isEqualTo(RUNBOOK_URL + rule.path("alert").asText().toLowerCase(Locale.ROOT));
            assertThat(annotations.path("summary").asText()).isNotBlank();
            assertThat(annotations.path("description").asText()).isNotBlank();
            assertThat(rule.at("/labels/severity").asText()).isIn("critical", "warning", "info");
        });
        assertThat(expressions).allSatisfy(expression -> {
            var names = NAME.matcher(expression)
                    .results()
                    .map(match -> match.group())
                    .toList();
            assertThat(names).isNotEmpty();
            assertThat(known).containsAll(names);
        });
    }

    private static Stream<JsonNode> rules() throws IOException {
        var groups =
                new ObjectMapper(new YAMLFactory()).readTree(ALERTS.toFile()).path("groups");
        return groups.findValues("rules").stream().flatMap(rules -> {
            var all = new ArrayList<JsonNode>();
            rules.forEach(all::add);
            return all.stream();
        });
    }

    @Test
    void alertsFireWhenTheyShouldAndOnlyThen() throws Exception {
        new BuiltProgram("promtool")
                .run(Map.of(), "", "test", "rules", "src/test/prometheus/alerts-test.yaml")
                .orFail();
        var tested = Files.readString(Path.of("src/test/prometheus/alerts-test.yaml"));
        assertThat(rules().map(rule -> rule.path("alert").asText()))
                .allSatisfy(alert -> assertThat(tested)
                        .contains("- name: " + alert + " fires", "- name: " + alert + " does not fire"));
    }

    @Test
    void prometheusReadsItAndAnswersEveryQueryOfTheDashboard(Scene scene, @TempDir Path directory) throws Exception {
        scene.tailnet("home", "");
        fleet(scene, 0, 3);
        scene.awaitReady(Tailnet.class, "home");
        var config = Files.writeString(directory.resolve("prometheus.yml"), """
                global: {scrape_interval: 1s, evaluation_interval: 1s}
                rule_files: [%s]
                scrape_configs:
                  - job_name: xo
                    metrics_path: /q/metrics
                    honor_labels: true
                    static_configs: [{targets: ["%s"]}]
                """.formatted(
                ALERTS.toAbsolutePath(), scene.operator().process().uri().getAuthority()));
        var address = "127.0.0.1:" + FreePort.find();
        try (var _ = BackgroundProgram.start(
                Path.of("target", "prometheus.log"),
                new BuiltProgram("prometheus"),
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--web.listen-address=" + address)) {
            var online = "sum(xo_tailnet_devices{state=\"online\",namespace=\"%s\"})"
                    .formatted(scene.cluster().namespace());
            scene.soon()
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(query(address, online)
                                    .at("/data/result/0/value/1")
                                    .asText())
                            .isEqualTo("3"));
            // Rates have an answer from the second reading on.
            scene.soon().untilAsserted(() -> {
                var answers = new TreeMap<String, Integer>();
                for (var expression : Dashboard.expressions().toList()) {
                    var answer = query(address, expression);
                    assertThat(answer.path("status").asText()).as(expression).isEqualTo("success");
                    answers.put(expression, answer.at("/data/result").size());
                }
                assertThat(answers.values().stream().filter(size -> size > 0).count())
                        .as("queries with an answer: " + answers)
                        .isGreaterThanOrEqualTo(answers.size() / 2);
            });
            assertThat(get(address, "/api/v1/rules").at("/data/groups/0/rules"))
                    .hasSize((int) rules().count())
                    .allSatisfy(rule -> assertThat(rule.path("health").asText()).isIn("ok", "unknown"));
        }
    }

    private static JsonNode query(String address, String expression) throws Exception {
        return get(address, "/api/v1/query?query=" + URLEncoder.encode(expression, UTF_8));
    }

    private static JsonNode get(String address, String path) throws Exception {
        try (var http = HttpClient.newHttpClient()) {
            var answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://" + address + path))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            return JSON.readTree(answer.body());
        }
    }
}
