package com.xonetwork.tailnet.bootstrap;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.AuditLog;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.simulator.SimDevice;
import io.fabric8.kubernetes.api.model.Secret;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Machines that bring themselves in, on a real API server; the tailnet is simulated, and the machines are HTTP clients. */
@RunningOperator
@Alone
class BootstrapIT {

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private static void machine(Scene scene) {
        scene.tailnet("home", "");
        scene.simulator().setPolicyByHand("{\"tagOwners\": {\"tag:web\": [\"autogroup:admin\"]}, \"acls\": []}");
        scene.node("vm-1", """
                hostname: vm-1
                tags: ["tag:web"]
                join: {cloudInit: {network: {addresses: [192.0.2.10/24], gateway: 192.0.2.1}}}
                preferences: {acceptRoutes: true}
                """);
        scene.soon().until(() -> scene.find(Secret.class, "vm-1-cloud-init").isPresent());
    }

    private static HttpResponse<String> fetch(Scene scene, String node, @Nullable String token) {
        try {
            return HTTP.send(request(scene, node, token), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static HttpRequest request(Scene scene, String node, @Nullable String token) {
        var request = HttpRequest.newBuilder(
                        URI.create(scene.operator().process().api() + "/bootstrap/"
                                + scene.cluster().namespace() + "/" + node))
                .POST(HttpRequest.BodyPublishers.noBody());
        return (token == null ? request : request.header("Authorization", "Bearer " + token)).build();
    }

    @Test
    void theKeyIsFetchedOnceAndIsInNoFile(Scene scene) {
        machine(scene);
        var token = scene.secretText("vm-1-cloud-init", "token");
        var key = scene.secretText("vm-1-join", "authkey");
        for (var file : new String[] {"user-data", "meta-data", "network-config"}) {
            assertThat(scene.secretText("vm-1-cloud-init", file)).doesNotContain(key);
        }
        var ready = scene.awaitCondition(TailnetNode.class, "vm-1", "JoinKeyReady", "True", "KeyIssued");
        assertThat(ready.message()).contains("vm-1-cloud-init").doesNotContain(token);
        assertThat(scene.get(TailnetNode.class, "vm-1").getStatus().join().cloudInitSecretName())
                .isEqualTo("vm-1-cloud-init");

        assertThat(fetch(scene, "vm-1", null).statusCode()).isEqualTo(401);
        assertThat(fetch(scene, "vm-1", "0".repeat(64)).statusCode()).isEqualTo(403);
        var strange = fetch(scene, "nobody", token);
        assertThat(strange.statusCode()).isEqualTo(403);
        assertThat(fetch(scene, "..%2Fvm-1", token).statusCode()).isBetween(400, 404);

        var first = fetch(scene, "vm-1", token);
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).isEqualTo(key);
        assertThat(first.headers().firstValue("Cache-Control")).contains("no-store");
        var second = fetch(scene, "vm-1", token);
        assertThat(second.statusCode()).isEqualTo(403);
        assertThat(second.body()).isEqualTo(strange.body().replace("/nobody", "/vm-1"));

        var before = scene.secretText("vm-1-cloud-init", "user-data");
        scene.operator().kill();
        scene.operator().start();
        assertThat(fetch(scene, "vm-1", token).statusCode())
                .as("after a restart")
                .isEqualTo(403);
        scene.letPollsGoBy(3);
        assertThat(scene.secretText("vm-1-cloud-init", "user-data"))
                .as("who made a machine of it must not make another")
                .isEqualTo(before);
        assertThat(scene.events("vm-1"))
                .filteredOn(event -> event.getReason().equals("JoinKeyFetched"))
                .singleElement()
                .satisfies(event ->
                        assertThat(event.getMessage()).doesNotContain(token).doesNotContain(key));
    }

    @Test
    void ofManyAtTheSameTimeOneGetsTheKey(Scene scene) {
        machine(scene);
        var token = scene.secretText("vm-1-cloud-init", "token");
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (var i = 0; i < 15; i++) {
            answers.add(HTTP.sendAsync(request(scene, "vm-1", token), HttpResponse.BodyHandlers.ofString()));
        }
        assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
                .as("503: somebody else wrote in the meantime; asked again, it is 403")
                .containsOnlyOnce(200)
                .allMatch(status -> status == 200 || status == 403 || status == 503);
        assertThat(fetch(scene, "vm-1", token).statusCode()).isEqualTo(403);
    }

    @Test
    void aMachineThatHasJoinedIsGivenNothing(Scene scene) {
        machine(scene);
        var token = scene.secretText("vm-1-cloud-init", "token");
        scene.simulator().addDevice(SimDevice.named("vm-1").tags("tag:web"));
        scene.awaitReady(TailnetNode.class, "vm-1");
        scene.soon().until(() -> scene.find(Secret.class, "vm-1-join").isEmpty());
        var answer = fetch(scene, "vm-1", token);
        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.headers().firstValue("Content-Type")).contains("application/problem+json");
        assertThat(answer.headers().firstValue("Retry-After")).contains("5");
        assertThat(answer.body()).contains("the token is still good");
        assertThat(scene.secretText("vm-1-cloud-init", "token"))
                .as("its files stay")
                .isEqualTo(token);
    }

    /** Whoever makes up names must not have the API server work for each. */
    @Test
    void aNameThatThereIsNotCostsNoCall(Scene scene) {
        machine(scene);
        scene.secretText("vm-1-cloud-init", "token");
        var audit = new AuditLog(scene.cluster(), scene.operator());
        for (var i = 0; i < 10; i++) {
            assertThat(fetch(scene, "made-up-" + i, "0".repeat(64)).statusCode())
                    .isIn(403, 429);
        }
        assertThat(fetch(scene, "vm-1", "0".repeat(64)).statusCode()).isIn(403, 429);
        scene.letPollsGoBy(1);
        assertThat(audit.requests()).noneMatch(request -> request.contains("made-up"));
    }

    @Test
    void strangersAreKeptWithinARate(Scene scene) {
        machine(scene);
        var answers = new ArrayList<CompletableFuture<HttpResponse<String>>>();
        for (var i = 0; i < 200; i++) {
            answers.add(HTTP.sendAsync(request(scene, "vm-1", "x" + i), HttpResponse.BodyHandlers.ofString()));
        }
        assertThat(answers.stream().map(CompletableFuture::join).map(HttpResponse::statusCode))
                .contains(429)
                .allMatch(status -> status == 403 || status == 429);
    }
}
