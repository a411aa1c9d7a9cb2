package com.xonetwork.tailnet.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The examples as a user applies them, with kubectl, but for the control plane's address. Those whose machines must be real ones
 * become Ready at the node level and in hack/quickstart; here they are only applied.
 */
@RunningOperator
class ExamplesIT {

    private static final Path EXAMPLES = Path.of("examples");
    private static final ObjectMapper JSON = new ObjectMapper();

    private static String read(Scene scene, String example) {
        return YamlDocument.all().stream()
                .filter(document -> document.file().startsWith(EXAMPLES.resolve(example)))
                .filter(document -> document.file().toString().endsWith(".yaml"))
                .map(YamlDocument::text)
                .collect(Collectors.joining("\n---\n"))
                .replaceAll(
                        "(?m)^  tailscale:\n",
                        "  pollInterval: 1s\n  tailscale:\n    url: \""
                                + scene.simulator().url() + "\"\n");
    }

    private static void apply(Scene scene, String yaml) {
        scene.secret("tailscale-oauth", Map.of("client_id", scene.clientId(), "client_secret", scene.clientSecret()));
        scene.cluster().kubectlWith(yaml, "apply", "--server-side", "-f", "-").orFail();
    }

    private static void assertReady(Scene scene, String... kinds) {
        for (var kind : kinds) {
            scene.soon()
                    .until(() -> !scene.cluster()
                            .kubectl("get", kind, "-o", "name")
                            .orFail()
                            .stdout()
                            .isBlank());
            scene.cluster()
                    .kubectl("wait", "--for=condition=Ready", "--timeout=120s", "--all", kind)
                    .orFail();
        }
    }

    @Test
    void theTailnetWithRules(Scene scene) {
        for (var name : List.of("web-1", "web-2", "db-1")) {
            scene.simulator().addDevice(SimDevice.named(name).os("linux"));
        }
        scene.simulator()
                .setPolicyByHand(
                        "{\"tagOwners\": {\"tag:web\": [\"autogroup:admin\"], \"tag:db\": [\"autogroup:admin\"]}}");
        // As it is it only reports what it would publish, and so is not Ready: this is the step after that.
        apply(
                scene,
                read(scene, "tailscale")
                        .replaceAll("(?m)^    mode: Observe.*$", "    mode: Enforce\n    onForeignPolicy: Replace"));
        assertReady(scene, "tailnets", "nodeclasses", "aclpolicies", "tailnetnodes");
    }

    @Test
    void theSharedNetwork(Scene scene) {
        for (var name : List.of("router-1", "router-2", "paris", "oslo")) {
            scene.simulator()
                    .addDevice(SimDevice.named(name)
                            .os("linux")
                            .advertisedRoutes("192.168.50.0/24", "fd00:50::/64", "0.0.0.0/0", "::/0"));
        }
        apply(scene, read(scene, "routes"));
        assertReady(scene, "tailnets", "tailnetnodes", "subnetroutes", "exitnodes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"automation", "lifecycle", "machines", "quickstart", "routes", "tailscale", "tailscale-federated"
            })
    void appliedAgainNothingDiffers(String example, Scene scene) {
        var yaml = read(scene, example);
        apply(scene, yaml);
        scene.soon().until(() -> isReportedOn(scene, yaml));
        // What the operator writes between kubectl's two looks would be a difference too.
        scene.soon().untilAsserted(() -> {
            var diff = scene.cluster().kubectlWith(yaml, "diff", "--server-side", "-f", "-");
            assertThat(diff.succeeded()).as(diff.stdout()).isTrue();
        });
    }

    /** Whether the operator has written what it writes to each of them. */
    private static boolean isReportedOn(Scene scene, String yaml) throws IOException {
        var there = scene.cluster()
                .kubectlWith(yaml, "get", "-o", "json", "-f", "-")
                .orFail()
                .stdout();
        for (var resource : JSON.readTree(there).path("items")) {
            if (resource.path("apiVersion").asText().startsWith("tailnet.")
                    && resource.at("/status/conditions").isEmpty()) {
                return false;
            }
        }
        return true;
    }
}
