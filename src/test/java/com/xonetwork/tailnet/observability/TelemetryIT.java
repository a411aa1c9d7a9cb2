package com.xonetwork.tailnet.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.scene.RunningOperator;
import com.xonetwork.tailnet.scene.Scene;
import com.xonetwork.tailnet.testbed.BuiltProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** Logs and traces by OTLP, to a real OpenTelemetry Collector. Runs alone: the operator is started with other settings. */
@RunningOperator
@Isolated
class TelemetryIT {

    @Test
    void logsAndTracesReachACollector(Scene scene, @TempDir Path directory) throws Exception {
        var port = freePort();
        var config = Files.writeString(directory.resolve("collector.yaml"), """
                receivers: {otlp: {protocols: {grpc: {endpoint: "127.0.0.1:%d"}}}}
                exporters: {debug: {verbosity: detailed, sampling_initial: 100000}}
                service:
                  telemetry: {metrics: {level: none}}
                  pipelines:
                    logs: {receivers: [otlp], exporters: [debug]}
                    traces: {receivers: [otlp], exporters: [debug]}
                """.formatted(port));
        var received = directory.resolve("received");
        var collector = new ProcessBuilder(BuiltProgram.named("otelcol").path(), "--config", "file:" + config)
                .redirectErrorStream(true)
                .redirectOutput(received.toFile())
                .start();
        try {
            scene.soon().until(() -> Files.readString(received).contains("Everything is ready"));
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
                    .untilAsserted(() -> assertThat(Files.readString(received))
                            .contains("service.name: Str(xo-tailnet-operator)")
                            .contains("'tailnetnode' controller started")
                            .contains("/api/v2/tailnet/-/devices"));
            assertThat(Files.readString(received)).doesNotContain(scene.clientSecret());
        } finally {
            collector.destroy();
            if (!collector.waitFor(20, TimeUnit.SECONDS)) {
                collector.destroyForcibly();
            }
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

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
