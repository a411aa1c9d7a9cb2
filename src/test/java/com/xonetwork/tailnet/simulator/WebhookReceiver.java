package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What stands at a webhook's other end, on this machine: keeps what it is sent, answers as it is told. */
final class WebhookReceiver implements AutoCloseable {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final long PATIENCE_SECONDS = 30;

    private final HttpServer server;
    private final BlockingQueue<Received> queue = new LinkedBlockingQueue<>();
    private volatile int status = 200;

    WebhookReceiver() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", exchange -> {
            var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            queue.add(new Received(body, exchange.getRequestHeaders().getFirst(WebhookSignature.HEADER)));
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    record Received(String body, String signature) {

        JsonNode event() {
            try {
                var events = MAPPER.readTree(body);
                if (events.size() != 1) {
                    throw new AssertionError("one event, in a list: " + body);
                }
                return events.get(0);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        String type() {
            return event().path("type").asText();
        }
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/hook";
    }

    void answers(int newStatus) {
        status = newStatus;
    }

    /** The next delivery, waited for. */
    Received next() throws InterruptedException {
        @Nullable Received received = queue.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (received == null) {
            throw new AssertionError("nothing was delivered");
        }
        return received;
    }

    /** So many deliveries; their order is not promised. */
    List<Received> next(int count) throws InterruptedException {
        var received = new ArrayList<Received>();
        for (int i = 0; i < count; i++) {
            received.add(next());
        }
        return received;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
