package com.xonetwork.tailnet.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.RealCluster;
import com.xonetwork.tailnet.testing.Kind;
import com.xonetwork.tailnet.testing.Kinds;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceList;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.NonNamespaceOperation;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
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
        cluster.apply(MINIMAL);

        var tailnet = spec(cluster, "Tailnet", "home");
        assertThat(texts(tailnet))
                .contains(entry("pollInterval", "60s"), entry("deviceImport", "Off"), entry("suspend", "false"));
        assertThat(texts(tailnet.path("tailscale")))
                .contains(entry("tailnet", "-"), entry("url", "https://api.tailscale.com"));
        assertThat(texts(spec(cluster, "TailnetNode", "web-1"))).contains(entry("deletionPolicy", "Retain"));
        assertThat(texts(spec(cluster, "NodeClass", "web"))).contains(entry("priority", "0"));
        assertThat(texts(spec(cluster, "AclPolicy", "base")))
                .contains(entry("priority", "0"), entry("mode", "Enforce"));
    }

    @Test
    void aPartOfASettingGetsTheDefaultsOfItsOtherParts(ClusterUnderTest cluster) {
        cluster.apply(MINIMAL);
        patch(
                cluster,
                "Tailnet",
                "home",
                "{\"spec\":{\"callBudget\":{\"burst\":20},\"policy\":{\"mode\":\"Observe\"}}}");

        var tailnet = spec(cluster, "Tailnet", "home");
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
        cluster.apply(FULL);

        assertThat(spec(cluster, "Tailnet", "home").path("deviceImport").asText())
                .isEqualTo("Off");
        assertThat(spec(cluster, "AclPolicy", "fragment").at("/fragment/somethingNew/the/API"))
                .as("the policy file's shape is the control plane's to define")
                .hasSize(3);
    }

    @ParameterizedTest
    @MethodSource("examples")
    void applyingTheSameAgainIsNoChange(String yaml, ClusterUnderTest cluster) {
        cluster.apply(yaml);
        var before = generations(cluster);

        // A running operator may write a status between kubectl's two looks, which would be a difference too.
        await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
            var diff = cluster.kubectlWith(yaml, "diff", "--server-side", "-f", "-");
            assertThat(diff.exitCode()).as(diff.stdout() + diff.stderr()).isZero();
        });
        cluster.apply(yaml);
        assertThat(generations(cluster)).isEqualTo(before);
    }

    static Stream<String> examples() {
        return Stream.of(MINIMAL, FULL);
    }

    @Test
    void kubectlExplainsEveryField(ClusterUnderTest cluster) {
        for (var crd : CrdSchemas.all()) {
            for (var part : List.of("spec", "status")) {
                var path = CrdSchemas.kind(crd) + "." + part;
                var explained =
                        explained(cluster.kubectl("explain", path).orFail().stdout());
                for (var field : CrdSchemas.topLevelFields(crd, part)) {
                    assertThat(explained).as(path).containsKey(field);
                    assertThat(explained.get(field))
                            .as(path + "." + field)
                            .doesNotContain("<empty>", "<no description>")
                            .hasSizeGreaterThan(10);
                }
            }
        }
    }

    /** What kubectl says of each field: a line with its name and type, then its description, further in. */
    private static Map<String, String> explained(String page) {
        var fields = new TreeMap<String, String>();
        var field = "";
        for (var line : page.substring(page.indexOf("FIELDS:")).lines().skip(1).toList()) {
            if (line.matches("  \\w+\t.*")) {
                field = line.substring(2, line.indexOf('\t'));
                fields.put(field, "");
            } else if (line.startsWith("    ")) {
                fields.merge(field, line.strip(), (before, more) -> (before + " " + more).strip());
            }
        }
        return fields;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void columnsStandInTheirDeclaredOrder(Kind kind, ClusterUnderTest cluster) {
        cluster.apply(MINIMAL);
        var declared = Arrays.asList(kind.type().getAnnotationsByType(AdditionalPrinterColumn.class));

        assertThat(header(cluster, kind.singular()))
                .containsExactlyElementsOf(columns(declared.stream().filter(column -> column.priority() == 0)));
        assertThat(header(cluster, kind.singular(), "--output=wide"))
                .containsExactlyElementsOf(columns(declared.stream()));
    }

    static Stream<Kind> kinds() {
        return Kinds.ALL.stream();
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
    @MethodSource("kinds")
    void eachKindHasAShortName(Kind kind, ClusterUnderTest cluster) {
        cluster.apply(MINIMAL);
        var listed = cluster.kubectl("get", kind.shortName(), "--output=name")
                .orFail()
                .stdout();
        assertThat(listed.lines())
                .hasSize(1)
                .first()
                .asString()
                .startsWith(kind.singular() + ".tailnet.xo-network.com/");
    }

    @Test
    void theCategoryListsAllKinds(ClusterUnderTest cluster) {
        cluster.apply(MINIMAL);
        var listed = cluster.kubectl("get", "xo", "--output=name").orFail().stdout();
        assertThat(listed.lines().map(line -> line.split("\\.")[0]))
                .as("one of each in crd-rules/valid/minimal.yaml")
                .containsExactlyInAnyOrderElementsOf(Kinds.singulars());
    }

    @ParameterizedTest
    @CsvSource({"TailnetNode,web-1", "AclPolicy,base", "SubnetRoute,lan", "ExitNode,out", "HealPolicy,web"})
    void theTailnetCannotBeChanged(String kind, String name, ClusterUnderTest cluster) {
        cluster.apply(MINIMAL);
        assertRefused(
                cluster,
                kind,
                name,
                "{\"spec\":{\"tailnetRef\":{\"name\":\"other\"}}}",
                "tailnetRef cannot change: delete this " + kind + " and create one for the other Tailnet");
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
        cluster.apply(MINIMAL);
        assertRefused(cluster, "AutomationRun", "ping-1", "{\"spec\":" + change + "}", message);
    }

    @Test
    void aRunCanBeCancelledAndApprovedAndStaysCancelled(ClusterUnderTest cluster) {
        cluster.apply(MINIMAL);
        patch(
                cluster,
                "AutomationRun",
                "ping-1",
                "{\"spec\":{\"cancel\":true,\"approval\":{\"decision\":\"Deny\",\"inputsHash\":\"0123456789abcdef\"}}}");
        assertRefused(
                cluster,
                "AutomationRun",
                "ping-1",
                "{\"spec\":{\"cancel\":false}}",
                "a cancelled run stays cancelled: create another AutomationRun");
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
        cluster.apply(MINIMAL);
        patch(
                cluster,
                "AutomationRun",
                "ping-1",
                "{\"spec\":{\"approval\":{\"decision\":\"Deny\",\"inputsHash\":\"0123456789abcdef\",\"by\":\"admin\"}}}");
        assertRefused(
                cluster,
                "AutomationRun",
                "ping-1",
                "{\"spec\":{\"approval\":" + change + "}}",
                "approval cannot change once it is set: create another AutomationRun");
    }

    @Test
    void theClassesTailnetCanBeChanged(ClusterUnderTest cluster) {
        cluster.apply(MINIMAL);
        patch(cluster, "NodeClass", "web", "{\"spec\":{\"tailnetRef\":{\"name\":\"other\"}}}");
        assertThat(spec(cluster, "NodeClass", "web").at("/tailnetRef/name").asText())
                .isEqualTo("other");
    }

    /** {@link CrdRulesIT} shows that kubectl tells what the API server answers. */
    private static void assertRefused(
            ClusterUnderTest cluster, String kind, String name, String patch, String message) {
        assertThatThrownBy(() -> patch(cluster, kind, name, patch))
                .isInstanceOf(KubernetesClientException.class)
                .hasMessageContaining(message);
    }

    private static void patch(ClusterUnderTest cluster, String kind, String name, String patch) {
        resources(cluster, kind).withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), patch);
    }

    private static JsonNode spec(ClusterUnderTest cluster, String kind, String name) {
        return JSON.valueToTree(resources(cluster, kind).withName(name).require())
                .path("spec");
    }

    private static NonNamespaceOperation<
                    GenericKubernetesResource, GenericKubernetesResourceList, Resource<GenericKubernetesResource>>
            resources(ClusterUnderTest cluster, String kind) {
        return cluster.client()
                .genericKubernetesResources(HasMetadata.getApiVersion(Tailnet.class), kind)
                .inNamespace(cluster.namespace());
    }

    /** The users' part of each resource: a running operator may write statuses. */
    private static TreeSet<String> generations(ClusterUnderTest cluster) {
        var generations = new TreeSet<String>();
        for (var kind : Kinds.ALL) {
            for (var item : resources(cluster, kind.name()).list().getItems()) {
                generations.add(item.getKind() + "/" + item.getMetadata().getName() + " "
                        + item.getMetadata().getGeneration());
            }
        }
        return generations;
    }

    private static Map<String, String> texts(JsonNode object) {
        var texts = new TreeMap<String, String>();
        object.properties()
                .forEach(field -> texts.put(field.getKey(), field.getValue().asText()));
        return texts;
    }

    private static String file(String name) {
        return CrdRulesIT.read(Path.of("src/test/resources/crd-rules/valid", name));
    }
}
