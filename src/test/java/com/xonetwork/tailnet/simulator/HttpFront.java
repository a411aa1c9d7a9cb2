package com.xonetwork.tailnet.simulator;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The wire: takes requests in, writes them into the ledger, lets faults strike, sends answers. Requests are carried out one
 * after the other, on one event loop; nothing in here waits.
 */
final class HttpFront implements AutoCloseable {

    private static final Logger LOGGER = System.getLogger(HttpFront.class.getName());
    private static final DateTimeFormatter REQUEST_TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmssSSS").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC);
    private static final long CLOSE_SECONDS = 10;
    private static final long TICK_MILLIS = 200;

    private final Clock clock;
    private final Profile profile;
    private final Router router;
    private final TailnetState state;
    private final Endpoints endpoints;
    private final CallLedger ledger;
    private final Faults faults;
    private final Vertx vertx;
    private final int port;
    private final AtomicLong requests = new AtomicLong();

    HttpFront(
            SimulatorOptions options,
            int port,
            TailnetState state,
            Endpoints endpoints,
            CallLedger ledger,
            Faults faults) {
        this.clock = state.clock;
        this.profile = options.profile();
        this.router = new Router(profile);
        this.state = state;
        this.endpoints = endpoints;
        this.ledger = ledger;
        this.faults = faults;
        this.vertx = Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                // No files are served: without this every start makes a cache directory.
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
        try {
            // HTTP/1.1 only: a cut or reset connection is then that of one call.
            var server = vertx.createHttpServer(new HttpServerOptions().setHttp2ClearTextEnabled(false))
                    .requestHandler(this::receive)
                    .listen(port, "127.0.0.1")
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(CLOSE_SECONDS, TimeUnit.SECONDS);
            this.port = server.actualPort();
            // Somebody who only listens, to a webhook, must not have to ask for time to pass.
            vertx.setPeriodic(TICK_MILLIS, timer -> state.catchUp());
        } catch (Exception e) {
            vertx.close();
            throw new IllegalStateException("cannot listen on 127.0.0.1:" + port, e);
        }
    }

    int port() {
        return port;
    }

    private void receive(HttpServerRequest request) {
        request.body().onSuccess(body -> exchange(request, body.getBytes()));
    }

    private void exchange(HttpServerRequest request, byte[] body) {
        var method = request.method().name();
        var match = router.match(method, request.path());
        var operation =
                match instanceof Router.Match.Found found ? found.operation().id() : CallLedger.UNKNOWN;
        var isTokenRequest =
                match instanceof Router.Match.Found found && found.operation().isTokenRequest();
        state.catchUp();
        var caller = isTokenRequest ? Caller.NOBODY : state.credentials.identify(header(request, "Authorization"));
        var number = ledger.arrived(
                method,
                request.path(),
                String.valueOf(request.query() == null ? "" : request.query()),
                operation,
                caller.label(),
                isTokenRequest || body.length == 0 ? "" : Sha256.hex(body));
        var effect = faults.next(operation).orElse(Effect.NONE);
        var answer = effect.answer(() -> perform(match, request, body, caller))
                .withHeader("x-tailscale-request-id", requestId())
                .withHeader("Date", DATE.format(clock.instant()));
        if (effect.delay().isZero()) {
            send(request, number, answer, effect);
        } else {
            vertx.setTimer(Math.max(1, effect.delay().toMillis()), timer -> send(request, number, answer, effect));
        }
    }

    private void send(HttpServerRequest request, int number, Answer answer, Effect effect) {
        if (!request.response().closed()) {
            // Before the answer leaves: who has read it must find it in the ledger.
            ledger.answered(number, Wire.statusSent(answer, effect.delivery()));
            Wire.send(request, answer, effect.delivery());
        }
    }

    private Answer perform(Router.Match match, HttpServerRequest request, byte[] body, Caller caller) {
        try {
            return switch (match) {
                case Router.Match.Nothing nothing -> Answer.pageNotFound();
                case Router.Match.WrongMethod wrong -> Answer.empty(405);
                case Router.Match.Found found ->
                    endpoints.answer(new Call(
                            found.operation(),
                            found.parameters(),
                            values(request.params()),
                            headers(request.headers()),
                            body,
                            caller));
            };
        } catch (ApiError e) {
            return error(e);
        } catch (RuntimeException e) {
            LOGGER.log(Level.ERROR, "the simulator itself failed", e);
            return error(new ApiError(500, "internal server error"));
        }
    }

    private Answer error(ApiError error) {
        if (profile == Profile.MINIMAL) {
            // Headscale repeats the status in the body.
            return Answer.json(
                    error.status(), Json.object().put("message", error.text()).put("status", error.status()));
        }
        return Answer.error(error.status(), error.text());
    }

    private String requestId() {
        return "REQ-" + REQUEST_TIME.format(clock.instant()) + "%08x".formatted(requests.incrementAndGet());
    }

    private static String header(HttpServerRequest request, String name) {
        var value = request.getHeader(name);
        return value == null ? "" : value;
    }

    private static Map<String, List<String>> values(MultiMap parameters) {
        var values = new HashMap<String, List<String>>();
        parameters.names().forEach(name -> values.put(name, parameters.getAll(name)));
        return values;
    }

    private static Map<String, String> headers(MultiMap headers) {
        var values = new HashMap<String, String>();
        headers.forEach((name, value) -> values.putIfAbsent(name.toLowerCase(Locale.ROOT), value));
        return values;
    }

    /** Closes every connection, hanging ones too. */
    @Override
    public void close() {
        try {
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the simulator does not stop", e);
        }
    }
}
