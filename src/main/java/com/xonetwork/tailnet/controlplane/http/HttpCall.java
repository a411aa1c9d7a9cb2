package com.xonetwork.tailnet.controlplane.http;

import io.vertx.core.buffer.Buffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One request, immutable. Its {@code toString} shows operation and path only: headers and body carry credentials.
 *
 * @param path under the base URL, percent-encoded, with the query
 * @param bearer token for the {@code Authorization} header; null for none
 * @param accepted error statuses that the caller wants to read itself instead of getting an exception
 * @param tentative whether the caller only wants to see what happens: a failure is no matter for a warning
 * @param reader of an answer whose size the service decides; null for one that is taken whole
 */
public record HttpCall(
        Operation operation,
        String path,
        Map<String, String> headers,
        @Nullable Buffer body,
        @Nullable String bearer,
        Set<Integer> accepted,
        boolean tentative,
        @Nullable BodyReader reader) {

    public HttpCall {
        headers = Map.copyOf(headers);
        accepted = Set.copyOf(accepted);
    }

    /** A call without headers and body. */
    public static HttpCall of(Operation operation, RequestPath path) {
        return new HttpCall(operation, path.toString(), Map.of(), null, null, Set.of(), false, null);
    }

    public HttpCall withHeader(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpCall(operation, path, more, body, bearer, accepted, tentative, reader);
    }

    public HttpCall withBody(String contentType, Buffer newBody) {
        var call = withHeader("Content-Type", contentType);
        return new HttpCall(operation, path, call.headers(), newBody, bearer, accepted, tentative, reader);
    }

    public HttpCall withBearer(String token) {
        return new HttpCall(operation, path, headers, body, token, accepted, tentative, reader);
    }

    public HttpCall accepting(int status) {
        return accepting(Set.of(status));
    }

    public HttpCall accepting(Set<Integer> statuses) {
        return new HttpCall(operation, path, headers, body, bearer, statuses, tentative, reader);
    }

    public HttpCall asTentative() {
        return new HttpCall(operation, path, headers, body, bearer, accepted, true, reader);
    }

    /** A good answer's body goes to the reader while it arrives, and is no part of the {@link Answer}. */
    public HttpCall readBy(BodyReader bodyReader) {
        return new HttpCall(operation, path, headers, body, bearer, accepted, tentative, bodyReader);
    }

    @Override
    public String toString() {
        return operation.method() + " " + path + " (" + operation.name() + ")";
    }
}
