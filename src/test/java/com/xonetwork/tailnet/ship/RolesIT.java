package com.xonetwork.tailnet.ship;

import static com.xonetwork.tailnet.ship.As.TAKEN;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.scene.Rights;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.ShippedManifests;
import com.xonetwork.tailnet.testing.Kinds;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The roles that are shipped for people, as the API server's authorizer and admission judge who has them. */
@RunningOperator
class RolesIT {

    private static final String PREFIX = "xo-tailnet-operator-";
    private static final String GROUP = "tailnet.xo-network.com";
    private static final Path API_PAGE = Path.of("docs/how-to/use-the-api.md");

    private static Stream<ClusterRole> roles() {
        return ShippedManifests.in(ShippedManifests.ROLES).stream().map(ClusterRole.class::cast);
    }

    private static boolean may(Scene scene, String user, String namespace, String group, String right) {
        var parts = right.split(" ");
        var path = parts[1].split("/");
        return scene.client()
                .authorization()
                .v1()
                .subjectAccessReview()
                .create(new SubjectAccessReviewBuilder()
                        .withNewSpec()
                        .withUser(user)
                        .withNewResourceAttributes()
                        .withNamespace(namespace)
                        .withGroup(group)
                        .withVerb(parts[0])
                        .withResource(path[0])
                        .withSubresource(path.length > 1 ? path[1] : null)
                        .endResourceAttributes()
                        .endSpec()
                        .build())
                .getStatus()
                .getAllowed();
    }

    private static void bind(Scene scene, String role, String user) {
        scene.cluster()
                .kubectl("create", "rolebinding", user + "-" + role, "--clusterrole=" + role, "--user=" + user)
                .orFail();
        Rights.await(scene);
    }

    /** Every right to write that there is on our kinds. */
    private static List<String> writes() {
        var writes = new ArrayList<String>();
        for (var kind : Kinds.plurals()) {
            for (var verb : List.of("create", "update", "patch", "delete")) {
                writes.add(verb + " " + kind);
                writes.add(verb + " " + kind + "/status");
            }
        }
        writes.add("update automationruns/approval");
        return writes;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "viewer |",
                "orderer | create automationruns, patch automationruns",
                "approver | patch automationruns, update automationruns/approval",
                "template-author | create automationtemplates, update automationtemplates, patch automationtemplates, delete automationtemplates",
            })
    void aRoleMayDoThisAndNothingElse(String role, String rights, Scene scene) {
        bind(scene, PREFIX + role, "rita");
        var expected = new TreeSet<String>();
        if (rights != null) {
            expected.addAll(Arrays.asList(rights.split(", ")));
        }
        var namespace = scene.cluster().namespace();

        var allowed = new TreeSet<String>();
        writes().stream()
                .filter(right -> may(scene, "rita", namespace, GROUP, right))
                .forEach(allowed::add);
        assertThat(allowed).isEqualTo(expected);
        assertThat(Kinds.plurals())
                .allSatisfy(kind -> assertThat(Stream.of("get", "list", "watch")
                                .allMatch(verb -> may(scene, "rita", namespace, GROUP, verb + " " + kind)))
                        .isTrue());
        for (var right : List.of("get secrets", "create pods", "create serviceaccounts/token")) {
            assertThat(may(scene, "rita", namespace, "", right)).as(right).isFalse();
        }
        assertThat(may(scene, "rita", "default", GROUP, "get tailnets")).isFalse();
    }

    @Test
    void aTailnetAdminWritesAllButTemplatesAndRuns(Scene scene) {
        bind(scene, PREFIX + "tailnet-admin", "tom");
        var expected = new TreeSet<String>();
        for (var kind : Kinds.plurals()) {
            if (!kind.startsWith("automation")) {
                Stream.of("create", "update", "patch", "delete").forEach(verb -> expected.add(verb + " " + kind));
            }
        }
        expected.add("delete automationruns");

        assertThat(writes().stream()
                        .filter(right -> may(scene, "tom", scene.cluster().namespace(), GROUP, right)))
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    /** As the cluster's own roles will have them: their controller adds up what carries the label. */
    private static List<String> aggregatedTo(String role) {
        return roles().filter(shipped -> "true"
                        .equals(shipped.getMetadata()
                                .getLabels()
                                .get("rbac.authorization.k8s.io/aggregate-to-" + role)))
                .map(shipped -> shipped.getMetadata().getName())
                .toList();
    }

    @Test
    void viewDoesNotWriteAndEditDoesNotDecide(Scene scene) {
        assertThat(aggregatedTo("view")).containsExactly(PREFIX + "viewer");
        assertThat(aggregatedTo("edit")).containsExactlyInAnyOrder(PREFIX + "viewer", PREFIX + "orderer");
        assertThat(aggregatedTo("admin")).hasSameSizeAs(roles().toList());
        aggregatedTo("edit").forEach(role -> bind(scene, role, "edith"));
        aggregatedTo("admin").forEach(role -> bind(scene, role, "adam"));
        var run = """
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationRun
                metadata: {name: %s}
                spec: {templateRef: {name: not-there}, targets: {nodes: [{name: web-1}]}}
                """;
        var decision = "{\"spec\":{\"approval\":{\"decision\":\"Approve\",\"inputsHash\":\"0123456789abcdef\"}}}";
        var edith = new As(scene, "edith");
        var adam = new As(scene, "adam");

        assertThat(edith.creates(run.formatted("ordered"))).isEqualTo(TAKEN);
        assertThat(edith.patches(AutomationRun.class, "ordered", decision)).contains("may not decide");
        assertThat(adam.patches(AutomationRun.class, "ordered", decision)).isEqualTo(TAKEN);
    }

    @Test
    void theDocumentedDeployerOrdersAndDoesNotDecide(Scene scene) throws IOException {
        var page = Files.readString(API_PAGE);
        var yaml = page.substring(page.indexOf("```yaml\n") + 8, page.indexOf("```\n", page.indexOf("```yaml\n") + 8));
        scene.cluster()
                .kubectlWith(
                        yaml.replace(
                                "namespace: infra",
                                "namespace: " + scene.cluster().namespace()),
                        "apply",
                        "-f",
                        "-")
                .orFail();
        Rights.await(scene);
        var deployer = "system:serviceaccount:" + scene.cluster().namespace() + ":deployer";

        assertThat(may(scene, deployer, scene.cluster().namespace(), GROUP, "create automationruns"))
                .isTrue();
        for (var right : List.of(
                "patch automationruns",
                "update automationruns",
                "update automationruns/approval",
                "create automationtemplates")) {
            assertThat(may(scene, deployer, scene.cluster().namespace(), GROUP, right))
                    .as(right)
                    .isFalse();
        }
    }

    /** The chart with {@code watchNamespaces}: rendered for two namespaces, of which one is this test's. */
    @Test
    void anOperatorOfSomeNamespacesHasNoRightsInOthers(Scene scene) {
        var served = scene.cluster().namespace();
        ShippedManifests.in(Path.of("src/test/resources/chart/one-namespace.golden.yaml")).stream()
                .filter(item -> item.getApiVersion().startsWith("rbac.authorization.k8s.io/"))
                .filter(item -> Objects.requireNonNullElse(item.getMetadata().getNamespace(), "lab")
                        .equals("lab"))
                .forEach(item -> rights(scene, item, served));
        Rights.await(scene);
        var account = "system:serviceaccount:vpn:xo-tailnet-operator";

        assertThat(ShippedRights.granted()).isNotEmpty();
        for (var right : ShippedRights.namespaced()) {
            var group = right.substring(right.indexOf(' ') + 1, right.indexOf('/'));
            var call = right.substring(0, right.indexOf(' ') + 1) + right.substring(right.indexOf('/') + 1);
            assertThat(may(scene, account, served, group, call)).as(right).isTrue();
            for (var other : Arrays.asList("default", "kube-system", null)) {
                assertThat(may(scene, account, other, group, call))
                        .as("%s in %s", right, other)
                        .isFalse();
            }
        }
    }

    private static void rights(Scene scene, HasMetadata item, String served) {
        if (item.getMetadata().getNamespace() != null) {
            item.getMetadata().setNamespace(served);
        }
        scene.client().resource(item).forceConflicts().serverSideApply();
    }
}
