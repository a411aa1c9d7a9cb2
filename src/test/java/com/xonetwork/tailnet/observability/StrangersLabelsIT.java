package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.service.ApiUser;
import com.xonetwork.tailnet.simulator.SimDevice;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What strangers make up (names in paths, of devices, of templates that do not exist) is in no label of a metric. */
@RunningOperator
@Execution(ExecutionMode.CONCURRENT)
class StrangersLabelsIT {

    private static final String MARK = "stranger-chose-this";

    @Test
    void noLabelIsOfAStrangersMaking(Scene scene) throws Exception {
        scene.simulator().addDevice(SimDevice.named(MARK));
        scene.tailnet("home", "webhook: {secretRefs: [{name: %s, key: client_secret}]}".formatted(Scene.SECRET));
        scene.awaitReady(Tailnet.class, "home");

        var api = scene.operator().process().api().toString();
        var webhooks = scene.operator().webhooks(MARK, MARK).toString();
        for (var url : List.of(
                api + "/" + MARK,
                api + "/api/" + MARK,
                api + "/api/runs/" + MARK + "." + MARK,
                api + "/bootstrap/" + MARK + "/" + MARK,
                api + "/q/" + MARK,
                webhooks,
                webhooks + "?" + MARK,
                scene.operator().process().uri() + "/q/" + MARK)) {
            for (var method : List.of("GET", "POST", "STRANGERCHOSETHIS")) {
                call(url, method);
            }
        }
        var user = ApiUser.allowed(scene, "ann", "create, get, list, patch");
        assertThat(user.get("/api/runs/" + scene.cluster().namespace() + "." + MARK)
                        .status())
                .isBetween(400, 499);
        for (var cancelled : List.of(true, false)) {
            scene.apply("""
                    apiVersion: tailnet.xo-network.com/v1alpha1
                    kind: AutomationRun
                    metadata: {name: made-up-%1$s}
                    spec:
                      templateRef: {name: %2$s}
                      targets: {nodes: [{name: %2$s}]}
                      cancel: %1$s
                    """.formatted(cancelled, MARK));
        }
        scene.soon()
                .untilAsserted(() -> assertThat(scene.condition(AutomationRun.class, "made-up-true", "Succeeded"))
                        .hasValueSatisfying(
                                condition -> assertThat(condition.status()).isEqualTo("False")));
        assertThat(scene.operator().process().metrics().lines())
                .as("the run that ended is counted, with the namespace that it is in and no name of a template")
                .anyMatch(line -> line.startsWith("xo_tailnet_runs_seconds_count")
                        && line.contains("namespace=\"" + scene.cluster().namespace() + "\"")
                        && line.contains("template=\"(none)\""));
        scene.letPollsGoBy(2);

        assertThat(scene.operator().process().metrics().lines())
                .hasSizeGreaterThan(100)
                .noneMatch(
                        line -> line.toLowerCase(Locale.ROOT).replace("-", "").contains(MARK.replace("-", "")));
    }

    private static void call(String url, String method) throws InterruptedException {
        try {
            HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create(url))
                                    .method(method, BodyPublishers.ofString("{}"))
                                    .header("User-Agent", MARK)
                                    .header("Authorization", "Bearer " + MARK)
                                    .build(),
                            BodyHandlers.discarding());
        } catch (IOException refused) {
            // What cuts the connection has refused it too.
            assertThat(refused).isNotNull();
        }
    }
}
