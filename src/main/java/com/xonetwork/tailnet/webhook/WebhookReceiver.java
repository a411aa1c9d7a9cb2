package com.xonetwork.tailnet.webhook;

import com.xonetwork.tailnet.ports.HeadDeadline;
import com.xonetwork.tailnet.ports.HttpPort;
import com.xonetwork.tailnet.ports.HttpPort.CannotListenException;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * {@code POST /webhooks/<namespace>/<tailnet>} on a port of its own, apart from metrics and health: it is meant to be reached
 * from the internet, through something that ends TLS. Reads no more than the limit, however a body is sent, and says and logs
 * nothing of one that is not genuine.
 */
final class WebhookReceiver {

    /** Largest body; the service's own are a few kilobytes. */
    static final int MOST_BYTES = 64 * 1024;

    private static final Logger LOG = Logger.getLogger(WebhookReceiver.class);
    private static final String LABEL = "([a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?)";
    private static final Pattern PATH = Pattern.compile("/webhooks/" + LABEL + "/" + LABEL);
    /** What is passed over of a body that is too large, so that the sender can read the answer before the end. */
    private static final int MOST_PASSED_OVER = 1024 * 1024;
    /** Together with the limits of a body and a head: the memory that strangers can take. */
    private static final int MOST_AT_ONCE = 100;

    private static final long READ_MILLIS = 10_000;
    private static final int IDLE_SECONDS = 30;

    private final Vertx vertx;
    private final Address address;
    private final WebhookDeliveries deliveries;
    private final Consumer<WebhookOutcome> observer;
    private final WebhookConnections connections;
    private final AtomicInteger inFlight = new AtomicInteger();
    private final HttpPort http;

    /** @param port 0 for any that is free */
    record Address(String host, int port) {}

    WebhookReceiver(Vertx vertx, Address address, WebhookDeliveries deliveries, Consumer<WebhookOutcome> observer) {
        this.vertx = vertx;
        this.address = address;
        this.deliveries = deliveries;
        this.observer = observer;
        this.connections = new WebhookConnections(vertx);
        var options =
                new HttpServerOptions().setHandle100ContinueAutomatically(true).setIdleTimeout(IDLE_SECONDS);
        this.http = new HttpPort(
                vertx,
                "webhooks",
                options,
                server -> server.connectionHandler(connection -> {
                            HeadDeadline.dismiss(connection);
                            connections.opened(connection);
                        })
                        .requestHandler(request -> {
                            connections.began(request);
                            new Reading(request).begin();
                        }));
    }

    /** Listens from now on; again and again is as good as once. @return why it cannot, in words for a user */
    Optional<String> open() {
        try {
            if (http.open(address.host(), address.port())) {
                LOG.infof("the operator receives webhooks on port %d", port());
            }
            return Optional.empty();
        } catch (CannotListenException e) {
            LOG.warnf("%s: %s", e.getMessage(), e.getCause());
            return Optional.of(e.getMessage() + "; the operator will retry");
        }
    }

    /** The port that it listens on; 0 while it does not. */
    int port() {
        return http.port();
    }

    void close() {
        http.close();
    }

    /** One request. Everything but the decision runs on its event loop, one thing after the other. */
    private final class Reading {
        private final HttpServerRequest request;
        private final Buffer body = Buffer.buffer();
        private final long timer;
        private boolean answered;
        private boolean finished;
        private long passedOver;
        private @Nullable TailnetKey tailnet;

        Reading(HttpServerRequest request) {
            this.request = request;
            this.timer = vertx.setTimer(READ_MILLIS, _ -> outOfTime());
        }

        void begin() {
            boolean busy = inFlight.incrementAndGet() > MOST_AT_ONCE;
            request.response().endHandler(_ -> finish()).closeHandler(_ -> finish());
            request.exceptionHandler(_ -> {}).handler(this::take).endHandler(_ -> whole());
            var path = PATH.matcher(String.valueOf(request.path()));
            if (busy) {
                request.response().putHeader("Retry-After", "1");
                answer(WebhookOutcome.BUSY);
            } else if (!path.matches()) {
                answer(WebhookOutcome.NO_SUCH_PATH);
            } else if (!request.method().equals(HttpMethod.POST)) {
                request.response().putHeader("Allow", "POST");
                answer(WebhookOutcome.NOT_A_POST);
            } else if (announced() > MOST_BYTES) {
                answer(WebhookOutcome.TOO_LARGE);
            } else {
                tailnet = new TailnetKey(path.group(1), path.group(2));
            }
        }

        private long announced() {
            try {
                return Long.parseLong(String.valueOf(request.getHeader("Content-Length")));
            } catch (NumberFormatException e) {
                return 0;
            }
        }

        private void take(Buffer chunk) {
            if (answered) {
                passedOver += chunk.length();
                if (passedOver > MOST_PASSED_OVER) {
                    request.connection().close();
                }
            } else if (body.length() + (long) chunk.length() > MOST_BYTES) {
                answer(WebhookOutcome.TOO_LARGE);
            } else {
                body.appendBuffer(chunk);
            }
        }

        private void whole() {
            vertx.cancelTimer(timer);
            var addressee = tailnet;
            if (answered || addressee == null) {
                // All of it was passed over, so the connection is as good as new: to close it could cost the sender our
                // answer.
                return;
            }
            var signatures = request.headers().getAll(WebhookSignature.HEADER);
            var signature = signatures.size() == 1 ? signatures.getFirst() : null;
            vertx.executeBlocking(() -> deliveries.receive(addressee, signature, body.getBytes()), false)
                    .onSuccess(this::answer)
                    .onFailure(failure -> {
                        LOG.errorf(
                                failure, "the operator failed to handle a webhook delivery for tailnet %s", addressee);
                        answer(WebhookOutcome.FAILED);
                    });
        }

        private void outOfTime() {
            answer(WebhookOutcome.TOO_SLOW);
            request.connection().close();
        }

        private void answer(WebhookOutcome outcome) {
            if (answered || finished) {
                return;
            }
            answered = true;
            observer.accept(outcome);
            request.response().setStatusCode(outcome.status()).end();
        }

        /** Answered, or left by the other side. */
        private void finish() {
            if (!finished) {
                finished = true;
                vertx.cancelTimer(timer);
                inFlight.decrementAndGet();
            }
        }
    }
}
