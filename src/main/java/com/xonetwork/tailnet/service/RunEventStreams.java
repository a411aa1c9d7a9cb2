package com.xonetwork.tailnet.service;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.runner.RunEvent;
import com.xonetwork.tailnet.runner.RunEventStore;
import io.quarkiverse.resteasy.problem.HttpProblem;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import jakarta.ws.rs.sse.SseEventSink;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands the events of runs to readers, each at its own pace: a thread for each reader takes from the store what the reader has
 * not had, and sleeps until there is more.
 */
public final class RunEventStreams {

    private static final Logger LOG = Logger.getLogger(RunEventStreams.class);
    private static final int PAGE = 256;
    /** Between two looks at the run itself, when its events end and when they do not. */
    private static final Duration LOOK_SOON = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofSeconds(5);
    /** Proxies and clients give up on what is silent for longer. */
    private static final Duration SILENCE = Duration.ofSeconds(15);
    /** A reader that takes nothing for so long is gone. */
    private static final Duration STUCK = Duration.ofSeconds(30);

    private final RunEventStore store;
    private final StreamShares shares;

    public RunEventStreams(RunEventStore store, StreamShares shares) {
        this.store = store;
        this.shares = shares;
    }

    /**
     * Begins a stream and returns. It ends with the run, or when the reader goes.
     *
     * @param look the run as it is now; throws when the reader may not see it any more
     * @param reader who reads
     * @param from what the reader had last
     * @param host only this machine's events; null for all
     * @param head completes when the head of the answer is on its way: the framework sends it, and cannot any more once an
     *     event went before it
     * @throws HttpProblem 429 when there are too many streams
     */
    void begin(
            Supplier<AutomationRun> look,
            Caller reader,
            StreamPosition from,
            @Nullable String host,
            SseEventSink sink,
            Sse sse,
            Future<@Nullable Void> head) {
        var run = look.get();
        var share = shares.take(reader.name(), run.getMetadata().getNamespace())
                .orElseThrow(() -> ApiProblems.tooMany(
                        "too many event streams are open: close some of " + reader.name()
                                + ", or of this namespace, or try" + " again later",
                        LOOK));
        var stream = new Stream(look, run, from, host, sink, sse);
        Thread.ofVirtual().name("run-events-" + RunId.of(run)).start(() -> {
            try (sink) {
                // It goes back before the end is told: whoever has read the end may open the next one.
                try (share) {
                    head.get(STUCK.toSeconds(), TimeUnit.SECONDS);
                    stream.serve();
                }
                stream.tellEnd();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException | IllegalStateException e) {
                LOG.debugf("a reader of the events of %s is gone: %s", RunId.of(run), e.getMessage());
            }
        });
    }

    /** One reader. */
    private final class Stream {
        private final Supplier<AutomationRun> look;
        private final @Nullable String host;
        private final SseEventSink sink;
        private final Sse sse;
        private final Semaphore news = new Semaphore(0);
        private AutomationRun run;
        private StreamPosition position;
        private @Nullable StreamEnd end;
        private long looked = System.nanoTime();
        private long sent = System.nanoTime();

        Stream(
                Supplier<AutomationRun> look,
                AutomationRun run,
                StreamPosition from,
                @Nullable String host,
                SseEventSink sink,
                Sse sse) {
            this.look = look;
            this.run = run;
            this.position = from;
            this.host = host;
            this.sink = sink;
            this.sse = sse;
        }

        private AttemptKey attempt() {
            var metadata = run.getMetadata();
            return new AttemptKey(metadata.getNamespace(), metadata.getUid(), position.attempt());
        }

        void serve() throws InterruptedException, ExecutionException, TimeoutException {
            Consumer<AttemptKey> listener = attempt -> {
                if (attempt.runUid().equals(run.getMetadata().getUid())) {
                    news.release();
                }
            };
            store.addListener(listener);
            try {
                // Without a first byte a client does not know that it is connected.
                send(sse.newEventBuilder().comment("events of " + RunId.of(run)).build());
                while (!sink.isClosed() && goOn()) {
                    news.tryAcquire(LOOK_SOON.toMillis(), TimeUnit.MILLISECONDS);
                    news.drainPermits();
                }
            } finally {
                store.removeListener(listener);
            }
        }

        /** @return false at the end */
        private boolean goOn() throws InterruptedException, ExecutionException, TimeoutException {
            sendNew();
            var attempt = attempt();
            var isOver = store.isFinished(attempt) || RunView.phaseOf(run).isTerminal();
            if (since(looked).compareTo(isOver ? LOOK_SOON : LOOK) >= 0
                    || RunView.phaseOf(run).isTerminal()) {
                var problem = lookAgain();
                if (problem != null) {
                    end = new StreamEnd(null, null, problem);
                    return false;
                }
                // Whatever came before the run was seen to have ended.
                sendNew();
                if (RunView.attemptOf(run) > position.attempt()) {
                    position = position.nextAttempt();
                    news.release();
                } else if (RunView.phaseOf(run).isTerminal()) {
                    var status = run.getStatus();
                    end = new StreamEnd(RunView.phaseOf(run), status == null ? null : status.events(), null);
                    return false;
                }
            }
            if (since(sent).compareTo(SILENCE) >= 0) {
                send(sse.newEventBuilder().comment("").build());
            }
            return true;
        }

        private @Nullable String lookAgain() {
            looked = System.nanoTime();
            try {
                run = look.get();
                return null;
            } catch (HttpProblem e) {
                // The API server may be throttled when many streams are checked at once: keep the stream and check it
                // later.
                return ApiProblems.passes(e) ? null : e.getDetail();
            } catch (RuntimeException e) {
                // It may pass, and what the reader may see was settled a moment ago.
                LOG.debugf("%s cannot be looked at: %s", RunId.of(run), e.getMessage());
                return null;
            }
        }

        private void sendNew() throws InterruptedException, ExecutionException, TimeoutException {
            var attempt = attempt();
            for (var events = store.after(attempt, position.counter(), PAGE);
                    !events.isEmpty() && !sink.isClosed();
                    events = store.after(attempt, position.counter(), PAGE)) {
                for (var event : events) {
                    position = position.at(event.counter());
                    if (host == null || host.equals(event.host())) {
                        send(event);
                    }
                }
            }
        }

        private void send(RunEvent event) throws InterruptedException, ExecutionException, TimeoutException {
            send(sse.newEventBuilder()
                    .id(position.toString())
                    .mediaType(MediaType.APPLICATION_JSON_TYPE)
                    .data(StreamedEvent.class, StreamedEvent.of(position.attempt(), event))
                    .build());
        }

        /** Nothing when the reader went before. */
        void tellEnd() throws InterruptedException, ExecutionException, TimeoutException {
            if (end == null) {
                return;
            }
            send(sse.newEventBuilder()
                    .name("end")
                    .mediaType(MediaType.APPLICATION_JSON_TYPE)
                    .data(StreamEnd.class, end)
                    .build());
        }

        private void send(OutboundSseEvent event) throws InterruptedException, ExecutionException, TimeoutException {
            sink.send(event).toCompletableFuture().get(STUCK.toSeconds(), TimeUnit.SECONDS);
            sent = System.nanoTime();
        }

        private static Duration since(long nanoTime) {
            return Duration.ofNanos(System.nanoTime() - nanoTime);
        }
    }
}
