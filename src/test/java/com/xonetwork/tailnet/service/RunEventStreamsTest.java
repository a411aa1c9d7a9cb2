package com.xonetwork.tailnet.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.runner.RunEventStore;
import com.xonetwork.tailnet.service.StreamShares.Limits;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.testing.TestRun;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.SseEventSink;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jboss.resteasy.reactive.server.jaxrs.SseImpl;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEventStreamsTest {

    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    @TempDir
    private Path directory;

    /** Whoever has as many as they may, and reads each to its end, may go on at once. */
    @Test
    void theShareIsThereAgainWhenTheReaderSeesTheEnd() throws Exception {
        var shares = new StreamShares(new Limits(1, 1, 1));
        var run = new AutomationRun();
        run.setMetadata(new ObjectMetaBuilder()
                .withNamespace("net")
                .withName("run")
                .withUid("0b1c2d3e-0000-4000-8000-000000000001")
                .build());
        TestRun.comesTo(RunPhase.SUCCEEDED, run, NOW);
        var left = new CompletableFuture<Boolean>();
        try (var store = new RunEventStore(
                directory, new RunEventStore.Limits(50, 4_000, 60_000, Duration.ofDays(7)), new ManualClock(NOW))) {
            new RunEventStreams(store, shares)
                    .begin(
                            () -> run,
                            new Caller("ann", "", List.of(), Map.of()),
                            StreamPosition.START,
                            null,
                            new SseEventSink() {
                                @Override
                                public boolean isClosed() {
                                    return false;
                                }

                                @Override
                                public CompletionStage<?> send(OutboundSseEvent event) {
                                    if ("end".equals(event.getName())) {
                                        left.complete(shares.take("ann", "net").isPresent());
                                    }
                                    return CompletableFuture.completedFuture(null);
                                }

                                @Override
                                public void close() {
                                    left.complete(false);
                                }
                            },
                            new SseImpl(),
                            CompletableFuture.completedFuture(null));
            assertThat(left.get(30, TimeUnit.SECONDS)).isTrue();
        }
    }
}
