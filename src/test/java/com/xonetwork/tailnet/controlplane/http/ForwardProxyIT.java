package com.xonetwork.tailnet.controlplane.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole operator where only a proxy leads to the control plane. Runs alone: it starts the operator anew. */
@RunningOperator
@Alone
class ForwardProxyIT {

    private static final String PASSWORD = "canary-password-of-the-proxy ${x}";

    @TempDir
    static Path directory;

    private static TestAuthority authority;

    @RegisterExtension
    final StubServer service = new StubServer(new HttpServerOptions()
            .setSsl(true)
            .setSni(true)
            .setKeyCertOptions(
                    new PfxOptions().setPath(authority.keyStore().toString()).setPassword(TestAuthority.PASSWORD)));

    @BeforeAll
    static void makeAuthority() throws Exception {
        authority = TestAuthority.create(directory);
    }

    @Test
    void aTailnetIsReachedThroughTheProxyAndItsPasswordIsNotTold(Scene scene) throws Exception {
        service.behaves(request -> Reply.json(request.path().endsWith("/devices") ? "{\"devices\":[]}" : "{}"));
        Files.writeString(directory.resolve("username"), "operator");
        Files.writeString(directory.resolve("password"), PASSWORD);
        var login = "Basic " + Base64.getEncoder().encodeToString(("operator:" + PASSWORD).getBytes(UTF_8));
        try (var proxy = new ConnectProxy(
                service.vertx(), request -> login.equals(request.getHeader("Proxy-Authorization")) ? 200 : 407)) {
            start(scene, proxy);
            tailnet(scene, "home", "control.test");
            scene.awaitReady(Tailnet.class, "home");
            assertThat(proxy.asked()).isNotEmpty().containsOnly("CONNECT control.test:" + service.port());

            tailnet(scene, "away", "direct.test");
            scene.awaitCondition(
                    Tailnet.class,
                    "away",
                    "Reachable",
                    "False",
                    "ControlPlaneUnavailable",
                    "host direct.test is not known");
            Files.writeString(directory.resolve("password"), "another");
            start(scene, proxy);
            scene.awaitCondition(
                    Tailnet.class,
                    "home",
                    "Reachable",
                    "False",
                    "ControlPlaneUnavailable",
                    "does not connect to control.test: HTTP status 407");
            assertThat(scene.operator().logs()).doesNotContain(PASSWORD).doesNotContain(login.substring(6));
        } finally {
            scene.operator().kill();
            scene.operator().start();
        }
    }

    private static void start(Scene scene, ConnectProxy proxy) {
        scene.operator().kill();
        scene.operator()
                .start(Map.of(
                        "TAILNET_OPERATOR_CONTROL_PLANE_PROXY_URL",
                        "http://127.0.0.1:" + proxy.port(),
                        "TAILNET_OPERATOR_CONTROL_PLANE_PROXY_CREDENTIALS_DIRECTORY",
                        directory.toString(),
                        "TAILNET_OPERATOR_CONTROL_PLANE_PROXY_NO_PROXY",
                        "direct.test,10.0.0.0/8"));
    }

    private void tailnet(Scene scene, String name, String host) {
        scene.client()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("ca-" + name)
                        .endMetadata()
                        .addToData("ca.crt", authority.caPem())
                        .build())
                .create();
        scene.secret("key-" + name, Map.of("api_key", "tskey-api-" + name));
        scene.apply("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: Tailnet
                metadata: {name: %1$s}
                spec:
                  pollInterval: 1s
                  tailscale:
                    url: "https://%2$s:%3$d"
                    credentials: {secretRef: {name: key-%1$s}}
                    caBundle: {configMapRef: {name: ca-%1$s, key: ca.crt}}
                """.formatted(name, host, service.port()));
    }
}
