package com.xonetwork.tailnet.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.RealCluster;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What users meet of the CRDs with kubectl: defaults, explanations, columns, short names, what cannot be changed. */
@RealCluster
@Execution(ExecutionMode.CONCURRENT)
class CrdUsageIT {

    private static final String MINIMAL = file("minimal.yaml");
    private static final String FULL = file("full.yaml");
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void whatIsLeftOutHasADefault(ClusterUnderTest cluster) {
        apply(cluster, MINIMAL);

        var tailnet = spec(cluster, "tailnet", "home");
        assertThat(texts(tailnet))
                .contains(entry("pollInterval", "60s"), entry("deviceImport", "Off"), entry("suspend", "false"));
        assertThat(texts(tailnet.path("tailscale")))
                .contains(entry("tailnet", "-"), entry("url", "https://api.tailscale.com"));
        assertThat(texts(spec(cluster, "tailnetnode", "web-1"))).contains(entry("deletionPolicy", "Retain"));
        assertThat(texts(spec(cluster, "nodeclass", "web"))).contains(entry("priority", "0"));
        assertThat(texts(spec(cluster, "aclpolicy", "base")))
                .contains(entry("priority", "0"), entry("mode", "Enforce"));
    }

    @Test
    void aPartOfASettingGetsTheDefaultsOfItsOtherParts(ClusterUnderTest cluster) {
        apply(cluster, MINIMAL);
        patch(
                cluster,
                "tailnet",
                "home",
                "{\"spec\":{\"callBudget\":{\"burst\":20},\"policy\":{\"mode\":\"Observe\"}}}");

        var tailnet = spec(cluster, "tailnet", "home");
        assertThat(texts(tailnet.path("callBudget"))).containsOnly(entry("perSecond", "5"), entry("burst", "20"));
        assertThat(texts(tailnet.path("policy")))
                .containsOnly(
                        entry("mode", "Observe"),
                        entry("onForeignPolicy", "Refuse"),
                        entry("driftCheckInterval", "5m"),
                        entry("validation", "Enforce"));
    }

    @Test
    void everyFieldCanBeUsedAndIsKept(ClusterUnderTest cluster) {
        apply(cluster, FULL);

        assertThat(spec(cluster, "tailnet", "home").path("deviceImport").asText())
                .isEqualTo("Off");
        assertThat(spec(cluster, "aclpolicy", "fragment").at("/fragment/somethingNew/the/API"))
                .as("the policy file's shape is the control plane's to define")
                .hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void applyingTheSameAgainIsNoChange(String yaml, ClusterUnderTest cluster) {
        apply(cluster, yaml);
        var before = generations(cluster);

        // A running operator may write a status between kubectl's two looks, which would be a difference too.
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            var diff = cluster.kubectlWith(yaml, "diff", "--server-side", "-f", "-");
            assertThat(diff.exitCode()).as(diff.stdout() + diff.stderr()).isZero();
        });
        apply(cluster, yaml);
        assertThat(generations(cluster)).isEqualTo(before);
    }

    static Stream<String> examples() {
        return Stream.of(MINIMAL, FULL);
    }

    @Test
    void kubectlExplainsEveryField(ClusterUnderTest cluster) {
        for (var crd : CrdSchemas.all()) {
            for (var part : List.of("spec", "status")) {
                for (var field : CrdSchemas.topLevelFields(crd, part)) {
                    var path = CrdSchemas.kind(crd) + "." + part + "." + field;
                    var explanation = cluster.kubectl("explain", path).orFail().stdout();
                    assertThat(explanation).as(path).contains("FIELD: " + field);
                    assertThat(explanation.substring(explanation.indexOf("DESCRIPTION:")))
                            .as(path)
                            .doesNotContain("<empty>")
                            .hasSizeGreaterThan(30);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void columnsStandInTheirDeclaredOrder(Class<?> kind, ClusterUnderTest cluster) {
        apply(cluster, MINIMAL);
        var declared = Arrays.asList(kind.getAnnotationsByType(AdditionalPrinterColumn.class));
        var plural = kind.getSimpleName().toLowerCase(Locale.ROOT);

        assertThat(header(cluster, plural))
                .containsExactlyElementsOf(columns(declared.stream().filter(column -> column.priority() == 0)));
        assertThat(header(cluster, plural, "--output=wide")).containsExactlyElementsOf(columns(declared.stream()));
    }

    static Stream<Class<?>> kinds() {
        return CrdFiles.KINDS.stream().map(kind -> kind);
    }

    private static List<String> columns(Stream<AdditionalPrinterColumn> declared) {
        return Stream.concat(Stream.of("NAME"), declared.map(AdditionalPrinterColumn::name))
                .toList();
    }

    private static List<String> header(ClusterUnderTest cluster, String... arguments) {
        var command = Stream.concat(Stream.of("get"), Stream.of(arguments)).toArray(String[]::new);
        var first =
                cluster.kubectl(command).orFail().stdout().lines().findFirst().orElse("");
        return List.of(first.strip().split("\\s{2,}"));
    }

    @ParameterizedTest
    @CsvSource({
        "tn,tailnet",
        "tnode,tailnetnode",
        "nclass,nodeclass",
        "acl,aclpolicy",
        "snr,subnetroute",
        "exn,exitnode",
        "heal,healpolicy"
    })
    void eachKindHasAShortName(String shortName, String kind, ClusterUnderTest cluster) {
        apply(cluster, MINIMAL);
        var listed = cluster.kubectl("get", shortName, "--output=name").orFail().stdout();
        assertThat(listed.lines()).hasSize(1).first().asString().startsWith(kind + ".tailnet.xo-network.com/");
    }

    @Test
    void theCategoryListsAllKinds(ClusterUnderTest cluster) {
        apply(cluster, MINIMAL);
        var listed = cluster.kubectl("get", "xo", "--output=name").orFail().stdout();
        assertThat(listed.lines().map(line -> line.split("\\.")[0]))
                .containsExactlyInAnyOrder(
                        "tailnet",
                        "tailnetnode",
                        "nodeclass",
                        "aclpolicy",
                        "subnetroute",
                        "exitnode",
                        "healpolicy",
                        "automationtemplate",
                        "automationrun");
    }

    @ParameterizedTest
    @CsvSource({
        "tailnetnode,web-1,TailnetNode",
        "aclpolicy,base,AclPolicy",
        "subnetroute,lan,SubnetRoute",
        "exitnode,out,ExitNode",
        "healpolicy,web,HealPolicy"
    })
    void theTailnetCannotBeChanged(String resource, String name, String kind, ClusterUnderTest cluster) {
        apply(cluster, MINIMAL);
        var result = cluster.kubectl(
                "patch", resource, name, "--type=merge", "--patch={\"spec\":{\"tailnetRef\":{\"name\":\"other\"}}}");
        assertThat(result.succeeded()).isFalse();
        assertThat(result.stderr())
                .contains("tailnetRef cannot change: delete this " + kind + " and create one for the other Tailnet");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"templateRef\":{\"name\":\"other\"}} | a run cannot change, except cancel and approval",
                "{\"targets\":{\"nodes\":[{\"name\":\"web-2\"}]}} | a run cannot change, except cancel and approval",
                "{\"checkMode\":true} | a run cannot change, except cancel and approval",
                "{\"requireApproval\":true} | a run cannot change, except cancel and approval",
                "{\"requestId\":\"another\"} | requestId and requestedBy cannot change",
                "{\"requestedBy\":\"another\"} | requestId and requestedBy cannot change",
            })
    void aRunCannotBeChanged(String change, String message, ClusterUnderTest cluster) {
        apply(cluster, MINIMAL);
        var result = cluster.kubectl(
                "patch", "automationrun", "ping-1", "--type=merge", "--patch={\"spec\":" + change + "}");
        assertThat(result.succeeded()).isFalse();
        assertThat(result.stderr()).contains(message);
    }

    @Test
    void aRunCanBeCancelledAndApprovedAndStaysCancelled(ClusterUnderTest cluster) {
        apply(cluster, MINIMAL);
        patch(
                cluster,
                "automationrun",
                "ping-1",
                "{\"spec\":{\"cancel\":true,\"approval\":{\"decision\":\"Deny\",\"inputsHash\":\"0123456789abcdef\"}}}");
        var result = cluster.kubectl(
                "patch", "automationrun", "ping-1", "--type=merge", "--patch={\"spec\":{\"cancel\":false}}");
        assertThat(result.succeeded()).isFalse();
        assertThat(result.stderr()).contains("a cancelled run stays cancelled: create another AutomationRun");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "{\"decision\":\"Approve\"}",
                "{\"inputsHash\":\"fedcba9876543210\"}",
                "{\"by\":\"jane\"}",
                "{\"by\":null}"
            })
    void aDecisionCannotBeChangedOrTakenBack(String change, ClusterUnderTest cluster) {
        apply(cluster, MINIMAL);
        patch(
                cluster,
                "automationrun",
                "ping-1",
                "{\"spec\":{\"approval\":{\"decision\":\"Deny\",\"inputsHash\":\"0123456789abcdef\",\"by\":\"admin\"}}}");
        var result = cluster.kubectl(
                "patch", "automationrun", "ping-1", "--type=merge", "--patch={\"spec\":{\"approval\":" + change + "}}");
        assertThat(result.succeeded()).isFalse();
        assertThat(result.stderr()).contains("approval cannot change once it is set: create another AutomationRun");
    }

    @Test
    void theClassesTailnetCanBeChanged(ClusterUnderTest cluster) {
        apply(cluster, MINIMAL);
        patch(cluster, "nodeclass", "web", "{\"spec\":{\"tailnetRef\":{\"name\":\"other\"}}}");
        assertThat(spec(cluster, "nodeclass", "web").at("/tailnetRef/name").asText())
                .isEqualTo("other");
    }

    private static void apply(ClusterUnderTest cluster, String yaml) {
        cluster.kubectlWith(yaml, "apply", "--server-side", "-f", "-").orFail();
    }

    private static void patch(ClusterUnderTest cluster, String kind, String name, String patch) {
        cluster.kubectl("patch", kind, name, "--type=merge", "--patch=" + patch).orFail();
    }

    private static JsonNode spec(ClusterUnderTest cluster, String kind, String name) {
        return json(cluster.kubectl("get", kind, name, "--output=json").orFail().stdout())
                .path("spec");
    }

    /** The users' part of each resource: a running operator may write statuses. */
    private static TreeSet<String> generations(ClusterUnderTest cluster) {
        var list = json(cluster.kubectl("get", "xo", "--output=json").orFail().stdout());
        var generations = new TreeSet<String>();
        for (var item : list.path("items")) {
            generations.add(
                    item.path("kind").asText() + "/" + item.at("/metadata/name").asText() + " "
                            + item.at("/metadata/generation").asLong());
        }
        return generations;
    }

    private static Map<String, String> texts(JsonNode object) {
        var texts = new TreeMap<String, String>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("kubectl printed something that is no JSON: " + text, e);
        }
    }

    private static String file(String name) {
        return CrdRulesIT.read(Path.of("src/test/resources/crd-rules/valid", name));
    }
}
