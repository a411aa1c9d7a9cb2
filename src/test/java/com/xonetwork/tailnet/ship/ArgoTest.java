package com.xonetwork.tailnet.ship;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.testing.Kinds;
import com.xonetwork.tailnet.testing.WrittenFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The scripts for Argo CD on their fixtures, which are laid out as Argo CD's own. */
class ArgoTest {

    private static final Path CONFIG_MAP = Path.of("deploy/argocd/argocd-cm.yaml");

    @TestFactory
    Stream<DynamicTest> everyFixtureIsSeenAsItsTestSays() throws IOException {
        var tests = new ArrayList<DynamicTest>();
        for (var kind : ArgoScripts.kinds()) {
            var name = kind.getFileName().toString();
            for (var test : ArgoScripts.yaml(Files.readString(kind.resolve("health_test.yaml")))
                    .path("tests")) {
                var input = test.path("inputPath").asText();
                var wanted = new ArgoScripts.Health(
                        test.at("/healthStatus/status").asText(),
                        test.at("/healthStatus/message").asText());
                tests.add(DynamicTest.dynamicTest(name + " " + input, () -> {
                    var resource = ArgoScripts.yaml(Files.readString(kind.resolve(input)));
                    assertThat(resource.path("kind").asText()).isEqualTo(name);
                    assertThat(ArgoScripts.health(name, resource)).isEqualTo(wanted);
                }));
            }
        }
        assertThat(tests).hasSizeGreaterThan(70);
        return tests.stream();
    }

    @Test
    void everyKindHasThemAndAllJudgeAlike() throws IOException {
        if (WrittenFile.isToBeWritten()) {
            ArgoScripts.writeMissing();
        }
        assertThat(ArgoScripts.kinds())
                .as("a folder for each kind in %s: run hack/crds", ArgoScripts.ROOT)
                .extracting(kind -> kind.getFileName().toString())
                .containsExactlyInAnyOrderElementsOf(Kinds.names());
        var scripts = new ArrayList<String>();
        for (var kind : ArgoScripts.kinds()) {
            scripts.add(Files.readString(kind.resolve("health.lua")));
        }
        assertThat(scripts).containsOnly(scripts.getFirst());
    }

    @Test
    void theConfigMapHoldsTheSameScripts() throws IOException {
        if (WrittenFile.isToBeWritten()) {
            ArgoScripts.writeMissing();
        }
        WrittenFile.assertSays(CONFIG_MAP, ArgoScripts.configMap());
        var data = ArgoScripts.yaml(Files.readString(CONFIG_MAP)).path("data");
        assertThat(data.size()).isEqualTo(2 * ArgoScripts.kinds().size());
        for (var kind : ArgoScripts.kinds()) {
            var key = "tailnet.xo-network.com_" + kind.getFileName();
            assertThat(data.path("resource.customizations.health." + key).asText())
                    .isEqualTo(Files.readString(kind.resolve("health.lua")));
            var actions = ArgoScripts.yaml(
                    data.path("resource.customizations.actions." + key).asText());
            assertThat(actions.path("discovery.lua").asText())
                    .isEqualTo(Files.readString(kind.resolve("actions/discovery.lua")));
            assertThat(actions.path("definitions")).isNotEmpty();
            for (var action : actions.path("definitions")) {
                assertThat(action.path("action.lua").asText())
                        .isEqualTo(Files.readString(
                                kind.resolve("actions/" + action.path("name").asText() + "/action.lua")));
            }
        }
    }

    @Test
    void aTailnetIsSuspendedAndResumed() throws IOException {
        var ready = ArgoScripts.yaml(Files.readString(ArgoScripts.ROOT.resolve("Tailnet/testdata/ready.yaml")));
        assertThat(offered("Tailnet", "suspend", ready)).isTrue();
        assertThat(offered("Tailnet", "resume", ready)).isFalse();
        var suspended = ArgoScripts.act("Tailnet", "suspend", ready);
        assertThat(suspended.at("/spec/suspend").asBoolean()).isTrue();
        assertThat(offered("Tailnet", "resume", suspended)).isTrue();
        assertThat(ArgoScripts.act("Tailnet", "resume", suspended)
                        .at("/spec/suspend")
                        .asBoolean())
                .isFalse();
    }

    static boolean offered(String kind, String action, JsonNode resource) {
        return !ArgoScripts.actions(kind, resource).get(action).get("disabled").toboolean();
    }
}
