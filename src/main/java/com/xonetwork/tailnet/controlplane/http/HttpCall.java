package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.ListIntake;
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
 * @param intake that counts the bytes of a device list as they arrive; null for what is small
 * @param tentative whether the caller only wants to see what happens: a failure is no matter for a warning
 */
public record HttpCall(
        Operation operation,
        String path,
        Map<String, String> headers,
        @Nullable Buffer body,
        @Nullable String bearer,
        Set<Integer> accepted,
        boolean tentative,
        @Nullable ListIntake intake) {

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
        return new HttpCall(operation, path, more, body, bearer, accepted, tentative, intake);
    }

    public HttpCall withBody(String contentType, Buffer newBody) {
        var call = withHeader("Content-Type", contentType);
        return new HttpCall(operation, path, call.headers(), newBody, bearer, accepted, tentative, intake);
    }

    public HttpCall withBearer(String token) {
        return new HttpCall(operation, path, headers, body, token, accepted, tentative, intake);
    }

    public HttpCall accepting(int status) {
        return new HttpCall(operation, path, headers, body, bearer, Set.of(status), tentative, intake);
    }

    public HttpCall asTentative() {
        return new HttpCall(operation, path, headers, body, bearer, accepted, true, intake);
    }

    /** A list whose size the service decides. */
    public HttpCall into(ListIntake taking) {
        return new HttpCall(operation, path, headers, body, bearer, accepted, tentative, taking);
    }

    @Override
    public String toString() {
        return operation.method() + " " + path + " (" + operation.name() + ")";
    }
}
