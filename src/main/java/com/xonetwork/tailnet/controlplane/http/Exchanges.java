package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.AddressRules;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.MemoryBudget;
import inet.ipaddr.IPAddressString;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.proxy.ProxyConnectException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TrustOptions;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import io.vertx.ext.web.client.impl.ClientPhase;
import io.vertx.ext.web.client.impl.HttpContext;
import io.vertx.ext.web.client.impl.WebClientInternal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Single HTTP exchanges with one endpoint: no retries, no budget, no meaning. Blocks the calling thread until the answer
 * is whole or the call timeout is over. Redirects are handed back as they are: a credential never follows one.
 */
final class Exchanges implements AutoCloseable {

    private static final String USER_AGENT = "xo-tailnet-operator";

    /** A tailnet needs few calls, and the service counts them: connections are not what it is short of. */
    private static final int POOL_SIZE = 8;

    /** Policies, keys and descriptions of APIs: they are taken whole. */
    private static final int MOST_BYTES_OF_WHOLE = 4 * 1024 * 1024;

    /** What one byte of them can become when it is read. */
    private static final int GROWTH = 4;

    /** In what Netty says of an answer; the rest of it are its own notes. */
    private static final Pattern PROXY_STATUS = Pattern.compile("status: (\\d{3})");

    private final Endpoint endpoint;
    private final ConnectionRules rules;
    private final @Nullable ForwardProxy proxy;
    private final Function<String, Future<List<InetAddress>>> lookup;
    private final Supplier<MemoryBudget.Share> memory;
    private final AddressRules addressRules = new AddressRules();
    private final AtomicInteger unreachable = new AtomicInteger();
    private final HttpClient http;
    private final WebClient web;

    Exchanges(
            Vertx vertx,
            Endpoint endpoint,
            ConnectionRules rules,
            Function<String, Future<List<InetAddress>>> lookup,
            Supplier<MemoryBudget.Share> memory,
            @Nullable TrustOptions trustOptions) {
        this.endpoint = endpoint;
        this.rules = rules;
        this.proxy = rules.proxyFor(endpoint);
        this.lookup = lookup;
        this.memory = memory;
        var options = new HttpClientOptions()
                .setConnectTimeout(Math.toIntExact(rules.connectTimeout().toMillis()))
                .setSslHandshakeTimeout(rules.connectTimeout().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS)
                .setVerifyHost(true)
                .setMaxPoolSize(POOL_SIZE)
                // A body that grows when unpacked would pass the limit unseen on the wire.
                .setDecompressionSupported(false);
        if (trustOptions != null) {
            options.setTrustOptions(trustOptions);
        }
        if (proxy != null) {
            options.setProxyOptions(proxy.options(rules.connectTimeout()));
        }
        this.http = vertx.createHttpClient(options);
        this.web = WebClient.wrap(
                http, new WebClientOptions().setUserAgent(USER_AGENT).setFollowRedirects(false));
        // The only way to reach the exchange behind a WebClient request: needed to break it off.
        ((WebClientInternal) web).addInterceptor(Exchanges::attach);
    }

    private static void attach(HttpContext<?> context) {
        if (context.request().bodyCodec() instanceof BoundedBody body) {
            if (context.phase() == ClientPhase.SEND_REQUEST) {
                body.attach(context.clientRequest());
            } else if (context.phase() == ClientPhase.RECEIVE_RESPONSE) {
                body.attach(context.clientResponse());
            }
        }
        context.next();
    }

    /**
     * Sends the call once.
     *
     * @param longest that it may take, if that is less than the call timeout
     * @throws ControlPlaneException.Rejected when the host leads only to forbidden addresses
     * @throws ControlPlaneException for a good answer that the call's reader has no use for
     */
    Outcome run(HttpCall call, Duration longest) throws InterruptedException {
        long deadline = System.nanoTime() + Math.min(rules.callTimeout().toNanos(), longest.toNanos());
        try (var whole = memory.get()) {
            var reader = call.reader();
            var pipe = reader == null ? null : new BodyPipe(deadline);
            var most = reader == null ? Math.min(rules.maxBodyBytes(), MOST_BYTES_OF_WHOLE) : rules.maxBodyBytes();
            var body = new BoundedBody(most, bytes -> whole.take((long) bytes * GROWTH), pipe);
            return pipe == null || reader == null ? run(call, body, deadline) : run(call, body, deadline, pipe, reader);
        }
    }

    private Outcome run(HttpCall call, BoundedBody body, long deadline, BodyPipe pipe, BodyReader reader)
            throws InterruptedException {
        var whole = false;
        try {
            var sent = send(request(call, address(deadline)).as(body), call)
                    .onComplete(done -> pipe.end(done.succeeded() ? null : done.cause()));
            if (pipe.awaitBegin()) {
                read(call, body, pipe, reader);
            }
            var cause = pipe.failure();
            if (cause != null) {
                return failed(call, body, cause);
            }
            var answer = await(sent, deadline);
            whole = true;
            var outcome = new Answer(call.operation(), answer.statusCode(), answer.headers(), body.received());
            if (outcome.isSuccess() && !pipe.begun()) {
                throw outcome.unusable("it is empty");
            }
            return new Outcome.Answered(outcome);
        } catch (ExecutionException e) {
            return failed(call, body, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            return failed(call, body, e);
        } finally {
            if (!whole) {
                body.abort();
            }
        }
    }

    /** Reads to the end of the body, or to where it broke off: the pipe knows which. */
    private static void read(HttpCall call, BoundedBody body, BodyPipe pipe, BodyReader reader)
            throws InterruptedException {
        var head = body.head().orElseThrow();
        var answer = new Answer(call.operation(), head.statusCode(), head.headers(), Buffer.buffer());
        try {
            if (answer.isHtml()) {
                throw answer.unusable("a web page came instead of JSON");
            }
            reader.read(answer, pipe);
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            if (pipe.failure() != null) {
                return;
            }
            if (e instanceof RuntimeException problem) {
                throw problem;
            }
            throw new UncheckedIOException((IOException) e);
        }
    }

    private Outcome run(HttpCall call, BoundedBody body, long deadline) throws InterruptedException {
        try {
            var address = address(deadline);
            var answer = await(send(request(call, address).as(body), call), deadline);
            return new Outcome.Answered(
                    new Answer(call.operation(), answer.statusCode(), answer.headers(), body.received()));
        } catch (ExecutionException e) {
            return failed(call, body, e.getCause() == null ? e : e.getCause());
        } catch (TimeoutException e) {
            body.abort();
            return failed(call, body, e);
        } catch (InterruptedException e) {
            body.abort();
            throw e;
        }
    }

    private SocketAddress address(long deadline) throws ExecutionException, TimeoutException, InterruptedException {
        if (proxy != null && !new IPAddressString(endpoint.host()).isIPAddress()) {
            // Here the name may lead nowhere, or elsewhere.
            return SocketAddress.inetSocketAddress(endpoint.port(), endpoint.host());
        }
        var resolved = await(lookup.apply(endpoint.host()), deadline);
        var permitted = addressRules.permitted(resolved);
        if (permitted.isEmpty()) {
            throw new ControlPlaneException.Rejected(
                    0,
                    "host " + endpoint.host()
                            + " leads to an address that a control plane cannot have (link-local, metadata service,"
                            + " multicast or unspecified): check the URL and the DNS");
        }
        var address = permitted.get(Math.floorMod(unreachable.get(), permitted.size()));
        return SocketAddress.inetSocketAddress(new InetSocketAddress(address, endpoint.port()));
    }

    private HttpRequest<Buffer> request(HttpCall call, SocketAddress server) {
        // The socket goes to the address that was checked; Host header, SNI and certificate check keep the name.
        var request = web.request(
                        call.operation().method(),
                        server,
                        endpoint.port(),
                        endpoint.uriHost(),
                        endpoint.prefix() + call.path())
                .ssl(endpoint.tls());
        call.headers().forEach(request::putHeader);
        if (call.bearer() != null) {
            request.putHeader("Authorization", "Bearer " + call.bearer());
        }
        return request;
    }

    private static <T> Future<HttpResponse<T>> send(HttpRequest<T> request, HttpCall call) {
        var body = call.body();
        return body == null ? request.send() : request.sendBuffer(body);
    }

    private static <T> T await(Future<T> future, long deadline)
            throws ExecutionException, TimeoutException, InterruptedException {
        return future.toCompletionStage()
                .toCompletableFuture()
                .get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private Outcome failed(HttpCall call, BoundedBody body, Throwable cause) {
        int status = body.head().map(head -> head.statusCode()).orElse(0);
        if (status >= 300) {
            // The status says what is the matter, however little of the body came.
            MultiMap headers = body.head().orElseThrow().headers();
            return new Outcome.Answered(new Answer(call.operation(), status, headers, body.received()));
        }
        if (body.hadNoRoom()) {
            return new Outcome.Failed(status, MemoryBudget.noRoom("the answer"), false, cause);
        }
        if (body.isTooLarge()) {
            var reason = "the answer is larger than " + body.limit() + " bytes";
            return new Outcome.Failed(status, reason, false, cause);
        }
        if (status != 0 && !(cause instanceof TimeoutException)) {
            return new Outcome.Failed(status, "the answer broke off", true, cause);
        }
        if (status == 0 && cause instanceof IOException) {
            // This address did not serve; the next exchange takes another one, if the host has several.
            unreachable.incrementAndGet();
        }
        return new Outcome.Failed(status, reason(cause), !(cause instanceof SSLException), cause);
    }

    private String reason(Throwable cause) {
        return switch (cause) {
            case ProxyConnectException refused ->
                proxy + " does not connect to " + endpoint.host()
                        + PROXY_STATUS
                                .matcher(rootMessage(refused))
                                .results()
                                .findFirst()
                                .map(found -> ": HTTP status " + found.group(1))
                                .orElse("");
            case UnknownHostException _ when proxy != null -> proxy + " is not known";
            case ConnectTimeoutException _
            when proxy != null ->
                "no connection to " + endpoint.host() + " through " + proxy + " within "
                        + seconds(rules.connectTimeout());
            case ConnectException _ when proxy != null -> "no connection to " + proxy;
            case UnknownHostException unknown -> "host " + endpoint.host() + " is not known";
            case ConnectTimeoutException timeout ->
                "no connection to " + endpoint.host() + " within " + seconds(rules.connectTimeout());
            case ConnectException refused -> "no connection to " + endpoint.host();
            case SSLException tls -> "no secure connection to " + endpoint.host() + ": " + rootMessage(tls);
            case TimeoutException timeout ->
                "no answer from " + endpoint.host() + " within " + seconds(rules.callTimeout());
            default -> "the connection to " + endpoint.host() + " failed";
        };
    }

    private static String seconds(Duration duration) {
        return duration.toMillis() / 1000.0 + " s";
    }

    private static String rootMessage(Throwable failure) {
        var root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        // Names in certificates are the other side's: kept to one short line.
        var message = String.valueOf(root.getMessage()).replaceAll("[\\p{Cntrl}\\s]+", " ");
        return message.substring(0, Math.min(message.length(), 200));
    }

    @Override
    public void close() {
        web.close();
        http.close();
    }
}
