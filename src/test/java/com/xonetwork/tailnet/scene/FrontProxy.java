package com.xonetwork.tailnet.scene;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A reverse proxy in front of a control plane: plain HTTP on loopback. It passes everything, until it is told to answer itself, as
 * one does whose service is not up yet, or whose routes are wrong.
 */
public final class FrontProxy implements AutoCloseable {

    /** Of the connection, not of the message; and what the client sets by itself. */
    private static final Set<String> NOT_PASSED_ON = Set.of(
            "connection", "content-length", "date", "expect", "host", "http2-settings", "transfer-encoding", "upgrade");

    private final HttpServer server;
    private final HttpClient client;
    private final URI behind;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicInteger answeredItself = new AtomicInteger();
    private volatile @Nullable Page page;

    private record Page(Predicate<String> paths, int status, String contentType, String body) {}

    private FrontProxy(URI behind, HttpClient.Builder client) {
        this.behind = behind;
        this.client = client.version(HttpClient.Version.HTTP_1_1).build();
        try {
            this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    public static FrontProxy before(URI behind) {
        return new FrontProxy(behind, HttpClient.newBuilder());
    }

    /** @param caPem the authority to trust for what is behind */
    public static FrontProxy before(URI behind, String caPem) {
        try (var pem = new ByteArrayInputStream(caPem.getBytes(UTF_8))) {
            var trusted = KeyStore.getInstance(KeyStore.getDefaultType());
            trusted.load(null, null);
            trusted.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(pem));
            var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);
            var tls = SSLContext.getInstance("TLS");
            tls.init(null, trust.getTrustManagers(), null);
            return new FrontProxy(behind, HttpClient.newBuilder().sslContext(tls));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException("not a certificate", e);
        }
    }

    public URI url() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** As Go's servers, and most proxies that are written in Go, say of every path that they do not know. */
    public void knowsNoPage() {
        knowsNoPage(path -> true);
    }

    /** @param paths that it does not know; the others it passes */
    public void knowsNoPage(Predicate<String> paths) {
        answers(paths, 404, "text/plain; charset=utf-8", "404 page not found\n");
    }

    public void answers(Predicate<String> paths, int status, String contentType, String body) {
        page = new Page(paths, status, contentType, body);
    }

    public void passesAll() {
        page = null;
    }

    /** How many requests it has kept from the service so far. */
    public int answeredItself() {
        return answeredItself.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var request = exchange.getRequestBody().readAllBytes();
            var instead = page;
            if (instead != null && instead.paths.test(exchange.getRequestURI().getPath())) {
                answeredItself.incrementAndGet();
                exchange.getResponseHeaders().set("Content-Type", instead.contentType);
                reply(exchange, instead.status, instead.body.getBytes(UTF_8));
                return;
            }
            var answer = client.send(passedOn(exchange, request), HttpResponse.BodyHandlers.ofByteArray());
            answer.headers().map().forEach((name, values) -> {
                if (isPassedOn(name)) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            reply(exchange, answer.statusCode(), answer.body());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private HttpRequest passedOn(HttpExchange exchange, byte[] body) {
        var request = HttpRequest.newBuilder(
                        URI.create(behind.toString() + exchange.getRequestURI().toString()))
                .method(exchange.getRequestMethod(), HttpRequest.BodyPublishers.ofByteArray(body));
        exchange.getRequestHeaders().forEach((name, values) -> {
            if (isPassedOn(name)) {
                values.forEach(value -> request.header(name, value));
            }
        });
        return request.build();
    }

    private static boolean isPassedOn(String header) {
        // HTTP/2 has names of its own.
        return !NOT_PASSED_ON.contains(header.toLowerCase(Locale.ROOT)) && !header.startsWith(":");
    }

    private static void reply(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    /** Ends of paths, for {@link #knowsNoPage(Predicate)}. */
    public static Predicate<String> endingIn(String... ends) {
        return path -> Arrays.stream(ends).anyMatch(path::endsWith);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.close();
        client.close();
    }
}
