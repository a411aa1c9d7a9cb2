package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.Alone;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.BackgroundProgram;
import com.xonetwork.tailnet.testbed.BuiltProgram;
import com.xonetwork.tailnet.testing.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs and traces by OTLP, to a real OpenTelemetry Collector. Runs alone: the operator is started with other settings. */
@RunningOperator
@Alone
class TelemetryIT {

    @Test
    void logsAndTracesReachACollector(Scene scene, @TempDir Path directory) throws Exception {
        var port = FreePort.find();
        var config = Files.writeString(directory.resolve("collector.yaml"), """
                receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:%d"}}}}
                exporters: {debug: {verbosity: detailed, sampling_initial: 100000}}
                service:
                  telemetry: {metrics: {level: none}}
                  pipelines:
                    logs: {receivers: [otlp], exporters: [debug]}
                    traces: {receivers: [otlp], exporters: [debug]}
                """.formatted(port));
        try (var collector = BackgroundProgram.start(
                directory.resolve("received"), BuiltProgram.named("otelcol"), "--config", "file:" + config)) {
            scene.soon().until(() -> collector.output().contains("Everything is ready"));
            scene.operator().kill();
            scene.operator()
                    .start(Map.of(
                            "QUARKUS_OTEL_SDK_DISABLED",
                            "false",
                            "QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT",
                            "http://127.0.0.1:" + port));
            scene.tailnet("home", "");
            scene.awaitReady(Tailnet.class, "home");
            scene.soon()
                    .untilAsserted(() -> assertThat(collector.output())
                            .contains("service.name: Str(xo-tailnet-operator)")
                            .contains("'tailnetnode' controller started")
                            .contains("/api/v2/tailnet/-/devices"));
            assertThat(collector.output()).doesNotContain(scene.clientSecret());
        } finally {
            scene.operator().kill();
            scene.operator().start();
        }
    }

    @Test
    void unlessItIsAskedForNothingIsSent(Scene scene) throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            socket.setSoTimeout(5_000);
            scene.operator().kill();
            scene.operator()
                    .start(Map.of("QUARKUS_OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:" + socket.getLocalPort()));
            scene.tailnet("home", "");
            scene.awaitReady(Tailnet.class, "home");
            assertThatThrownBy(socket::accept).isInstanceOf(SocketTimeoutException.class);
        } finally {
            scene.operator().kill();
            scene.operator().start();
        }
    }
}
