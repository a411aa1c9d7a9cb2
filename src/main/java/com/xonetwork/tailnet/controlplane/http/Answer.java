package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a service answered. Its {@code toString} leaves headers and body out: they may carry a new key. */
public final class Answer {

    private static final Pattern STRANGE = Pattern.compile("[^A-Za-z0-9._-]");

    private final Operation operation;
    private final int status;
    private final MultiMap headers;
    private final Buffer body;

    Answer(Operation operation, int status, MultiMap headers, Buffer body) {
        this.operation = operation;
        this.status = status;
        this.headers = headers;
        this.body = body;
    }

    public Operation operation() {
        return operation;
    }

    public int status() {
        return status;
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name));
    }

    /** The entity tag without its quotes and weakness mark. */
    public Optional<String> etag() {
        return header("ETag")
                .map(String::strip)
                .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                .map(tag -> tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"")
                        ? tag.substring(1, tag.length() - 1)
                        : tag)
                .filter(tag -> !tag.isEmpty());
    }

    /** Tailscale's name for this exchange, for its support; made harmless, it goes into logs. */
    public Optional<String> requestId() {
        return header("x-tailscale-request-id")
                .map(id -> STRANGE.matcher(id).replaceAll(""))
                .map(id -> id.substring(0, Math.min(id.length(), 64)))
                .filter(id -> !id.isEmpty());
    }

    public Buffer body() {
        return body;
    }

    public String text() {
        return body.toString(StandardCharsets.UTF_8);
    }

    /** A web page where an API answer should be: a proxy, a login portal, a wrong address. */
    public boolean isHtml() {
        return header("Content-Type").orElse("").toLowerCase(Locale.ROOT).contains("html") || firstCharacter() == '<';
    }

    boolean isJson() {
        return header("Content-Type").orElse("").toLowerCase(Locale.ROOT).contains("json");
    }

    /** Nothing, or only white space. */
    boolean isBlank() {
        return firstCharacter() < 0;
    }

    /** Without decoding the whole body: a list of devices may be megabytes long. */
    private int firstCharacter() {
        for (int at = 0; at < body.length(); at++) {
            if (!Character.isWhitespace(body.getByte(at))) {
                return body.getByte(at) & 0xff;
            }
        }
        return -1;
    }

    /** The exception for an answer whose status is good and whose body is not what the API promises. */
    public ControlPlaneException.Unavailable unusable(String why) {
        var message = operation.name() + ": the answer (HTTP " + status + ") is unusable: " + why;
        var problem = new ControlPlaneException.Unavailable(status, message, null);
        problem.setRequestId(requestId().orElse(null));
        return problem;
    }

    @Override
    public String toString() {
        return operation.name() + " -> HTTP " + status + ", " + body.length() + " bytes";
    }
}
