package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.CallObserver;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * One control plane over HTTP with everything that its callers want settled: the call budget, retries of what may be
 * repeated, and errors as {@link ControlPlaneException}s. Blocks; not for event loops. Safe for several threads.
 *
 * <p>It logs one line for each exchange at debug: operation, status, duration, request id; and one for each call that
 * failed in the end at warn, with the service's words. Never headers or bodies.
 */
public final class HttpConnection implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(HttpConnection.class);

    private static final int TOO_MANY = 429;
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(2);
    /** A try is worth its while only with some time left. */
    private static final Duration SHORTEST = Duration.ofSeconds(5);

    /** What may stand in a header. Anything else (a line break at a key's end) is a user's mistake, best told early. */
    private static final Pattern HEADER_VALUE = Pattern.compile("[\\x21-\\x7e]+( +[\\x21-\\x7e]+)*");

    private final String namespace;
    private final String host;
    private final Exchanges exchanges;
    private final CallBudgets.Lease budget;
    private final ConnectionRules rules;
    private final CallObserver observer;
    private final BooleanSupplier mayWrite;
    private final Pacer pacer;
    private final RandomGenerator random;
    private final ErrorReader errorReader;
    private final ErrorMapping errors;
    private final WireFormat wire;
    private final ServerClock serverClock;
    private volatile boolean closed;

    /** What a connection is made of; see {@link HttpCore}. */
    record Parts(
            String namespace,
            String host,
            Exchanges exchanges,
            CallBudgets.Lease budget,
            ConnectionRules rules,
            CallObserver observer,
            BooleanSupplier mayWrite,
            Pacer pacer,
            RandomGenerator random,
            ErrorReader errorReader,
            ErrorMapping errors,
            WireFormat wire,
            ServerClock serverClock) {}

    HttpConnection(Parts parts) {
        this.namespace = parts.namespace();
        this.host = parts.host();
        this.exchanges = parts.exchanges();
        this.budget = parts.budget();
        this.rules = parts.rules();
        this.observer = parts.observer();
        this.mayWrite = parts.mayWrite();
        this.pacer = parts.pacer();
        this.random = parts.random();
        this.errorReader = parts.errorReader();
        this.errors = parts.errors();
        this.wire = parts.wire();
        this.serverClock = parts.serverClock();
    }

    /** How bodies are read and written. */
    public WireFormat wire() {
        return wire;
    }

    /** How far this machine's clock and the service's are apart; empty while no answer has told. */
    public Optional<ClockSkew> clockSkew() {
        return serverClock.skew();
    }

    /** Makes text from the service fit for a condition: one line, no secrets, not too long. */
    public String tidy(String text) {
        return errorReader.tidy(text);
    }

    /**
     * Sends a call, again if it may be repeated and that may help. All tries together end some seconds after the call timeout
     * at the latest: the threads that wait here are everybody's.
     *
     * @return a 2xx answer, or one whose status the call accepts
     * @throws ControlPlaneException for everything else
     */
    public Answer send(HttpCall call) {
        if (Context.isOnEventLoopThread()) {
            throw new IllegalStateException("a blocking call must not run on an event loop: " + call);
        }
        refuseUnsendable(call);
        try {
            return sendWithin(call, pacer.nanos());
        } catch (ControlPlaneException e) {
            warn(call, e);
            throw e;
        } catch (IllegalStateException e) {
            if (closed) {
                // Replaced by a connection with newer settings while this call was on its way.
                throw new ControlPlaneException.Unavailable(
                        0, call.operation().name() + ": the connection was closed", null);
            }
            throw e;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ControlPlaneException.Unavailable(0, call.operation().name() + ": interrupted", null);
        }
    }

    private void warn(HttpCall call, ControlPlaneException failure) {
        if (call.tentative() || isOrdinary(failure)) {
            return;
        }
        var scope = failure instanceof ControlPlaneException.Forbidden forbidden
                ? forbidden.scope().map(needed -> ", scope needed: " + needed).orElse("")
                : "";
        var whose = namespace.isEmpty() ? host : host + " of namespace " + namespace;
        LOG.warnf(
                "%s%s, control plane %s, request %s",
                failure.getMessage(), scope, whose, failure.requestId().orElse("-"));
    }

    /** What callers count on: a thing that is gone or was changed meanwhile, and a call that was never made. */
    private static boolean isOrdinary(ControlPlaneException failure) {
        return failure instanceof ControlPlaneException.NotFound
                || failure instanceof ControlPlaneException.Conflict
                || (failure instanceof ControlPlaneException.RateLimited && failure.status() == 0);
    }

    private Answer sendWithin(HttpCall call, long start) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            takeFromBudget(call.operation());
            var left = rules.callTimeout().minusNanos(pacer.nanos() - start);
            // The wait for the budget is where a process can have been paused.
            refuseUnlessMayWrite(call.operation());
            var outcome = observed(call, attempt, left.compareTo(SHORTEST) < 0 ? SHORTEST : left);
            if (outcome instanceof Outcome.Answered answered && isWanted(answered.answer(), call)) {
                return apiAnswer(answered.answer());
            }
            var problem = problem(call, outcome);
            var asked = askedToWait(call, outcome);
            var hold = asked.isPresent() ? asked.get() : Duration.ofNanos(backoff(attempt));
            boolean everybodyWaits = asked.isPresent() || outcome.status() == TOO_MANY;
            if (everybodyWaits) {
                budget.bucket().closeFor(hold);
            }
            if (!call.operation().repeatable() || !mayPass(outcome)) {
                throw problem;
            }
            if (asked.isPresent() && asked.get().compareTo(rules.maxWait()) > 0) {
                throw told(
                        outcome,
                        new ControlPlaneException.RateLimited(
                                problem.status(), String.valueOf(problem.getMessage()), asked.get()));
            }
            boolean timeIsUp = pacer.nanos() - start + (everybodyWaits ? 0 : hold.toNanos())
                    >= rules.callTimeout().toNanos();
            if (attempt >= rules.maxAttempts() || timeIsUp) {
                throw problem;
            }
            if (!everybodyWaits) {
                pacer.pause(hold.toNanos());
            }
        }
    }

    private void refuseUnlessMayWrite(Operation operation) {
        if (!operation.method().equals(HttpMethod.GET) && !mayWrite.getAsBoolean()) {
            throw new ControlPlaneException.Unavailable(
                    0, operation.name() + ": not sent, another replica of the operator may lead by now", null);
        }
    }

    /** A login portal says 200 to everything: where nobody reads the body, a deletion would pass for done. */
    private static Answer apiAnswer(Answer answer) {
        if (answer.isHtml()) {
            throw answer.unusable("a web page came instead of JSON");
        }
        return answer;
    }

    private static boolean isWanted(Answer answer, HttpCall call) {
        return answer.isSuccess() || call.accepted().contains(answer.status());
    }

    private void takeFromBudget(Operation operation) throws InterruptedException {
        try {
            var waited = budget.bucket().take(rules.maxWait());
            if (waited.isPositive()) {
                observer.throttled(waited);
            }
        } catch (TokenBucket.Exhausted e) {
            throw new ControlPlaneException.RateLimited(
                    0,
                    operation.name() + ": the operator made no call, because the call budget of this credential at "
                            + host
                            + " is used up, or " + host
                            + " asked it to wait. If this lasts, raise spec.pollInterval or spec.callBudget of the Tailnet",
                    e.retryAfter());
        }
    }

    private Outcome observed(HttpCall call, int attempt, Duration left) throws InterruptedException {
        var sent = serverClock.here();
        long start = pacer.nanos();
        var outcome = exchanges.run(call, left);
        var took = Duration.ofNanos(pacer.nanos() - start);
        if (outcome instanceof Outcome.Answered answered) {
            serverClock.heard(answered.answer(), sent, took);
        }
        observer.called(call.operation().name(), outcome.status(), took);
        if (LOG.isDebugEnabled()) {
            var requestId = outcome instanceof Outcome.Answered answered
                    ? answered.answer().requestId().orElse("-")
                    : "-";
            LOG.debugf(
                    "%s: status %d in %d ms, attempt %d, request %s",
                    call.operation().name(), outcome.status(), took.toMillis(), attempt, requestId);
        }
        return outcome;
    }

    private ControlPlaneException problem(HttpCall call, Outcome outcome) {
        return told(
                outcome,
                switch (outcome) {
                    case Outcome.Failed failed ->
                        new ControlPlaneException.Unavailable(
                                failed.status(), call.operation().name() + ": " + failed.reason(), failed.cause());
                    case Outcome.Answered answered ->
                        isRedirect(answered.answer())
                                ? new ControlPlaneException.Unavailable(
                                        outcome.status(), redirected(answered.answer()), null)
                                : errors.toException(errorReader.read(answered.answer(), call.bearer()));
                });
    }

    private static ControlPlaneException told(Outcome outcome, ControlPlaneException problem) {
        if (outcome instanceof Outcome.Answered answered) {
            problem.setRequestId(answered.answer().requestId().orElse(null));
        }
        return problem;
    }

    private Optional<Duration> askedToWait(HttpCall call, Outcome outcome) {
        return outcome instanceof Outcome.Answered answered && (outcome.status() == TOO_MANY || outcome.status() == 503)
                ? Optional.ofNullable(
                        errorReader.read(answered.answer(), call.bearer()).retryAfter())
                : Optional.empty();
    }

    /** Not for 500: services use it for refusals as well, and those would only be refused again. */
    private static boolean mayPass(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Failed failed -> failed.mayPass();
            case Outcome.Answered answered ->
                switch (answered.answer().status()) {
                    case TOO_MANY, 502, 503, 504 -> true;
                    default -> false;
                };
        };
    }

    private static boolean isRedirect(Answer answer) {
        return answer.status() >= 300 && answer.status() < 400;
    }

    private static String redirected(Answer answer) {
        return answer.operation().name() + ": the service redirects (HTTP " + answer.status() + ") to "
                + answer.header("Location").flatMap(HttpConnection::hostOf).orElse("another path")
                + ", which is not followed: credentials go to the configured address only. If that is the control plane, configure"
                + " its address";
    }

    private static Optional<String> hostOf(String location) {
        try {
            return Optional.ofNullable(URI.create(location.strip()).getHost()).map(target -> "host " + target);
        } catch (IllegalArgumentException e) {
            return Optional.of("a malformed address");
        }
    }

    /** Full jitter: many operators that failed together must not come back together. */
    private long backoff(int attempt) {
        long ceiling = Math.min(LONGEST_BACKOFF.toNanos(), FIRST_BACKOFF.toNanos() << Math.min(attempt - 1, 10));
        return random.nextLong(ceiling + 1);
    }

    private static void refuseUnsendable(HttpCall call) {
        if (call.bearer() != null && !HEADER_VALUE.matcher(call.bearer()).matches()) {
            throw new ControlPlaneException.Rejected(
                    0,
                    "the credential is empty or holds characters that cannot be sent: look for blanks and line breaks");
        }
        for (var header : call.headers().entrySet()) {
            if (!HEADER_VALUE.matcher(header.getValue()).matches()) {
                throw new ControlPlaneException.Rejected(
                        0, call.operation().name() + ": the value of " + header.getKey() + " cannot be sent");
            }
        }
    }

    /** Closes the connections and gives the share of the call budget back. Idempotent. */
    @Override
    public void close() {
        closed = true;
        budget.close();
        exchanges.close();
    }

    @Override
    public String toString() {
        return "HttpConnection[" + host + "]";
    }
}
