package com.xonetwork.tailnet.controlplane.http;

import io.vertx.core.http.HttpMethod;
import org.jspecify.annotations.Nullable;

/**
 * One operation of an API: a constant in an adapter.
 *
 * @param name from the API document; label of metrics, first word of messages
 * @param repeatable whether doing it twice is the same as doing it once, so that it may be tried again
 * @param scope the OAuth scope that it needs, where the service has scopes
 */
public record Operation(
        String name,
        HttpMethod method,
        boolean repeatable,
        @Nullable String scope) {

    public static Operation get(String name, @Nullable String scope) {
        return new Operation(name, HttpMethod.GET, true, scope);
    }

    public static Operation put(String name, @Nullable String scope) {
        return new Operation(name, HttpMethod.PUT, true, scope);
    }

    public static Operation delete(String name, @Nullable String scope) {
        return new Operation(name, HttpMethod.DELETE, true, scope);
    }

    /** A POST that replaces a whole value, or only looks. */
    public static Operation repeatablePost(String name, @Nullable String scope) {
        return new Operation(name, HttpMethod.POST, true, scope);
    }

    /** A POST that makes something new each time. */
    public static Operation singlePost(String name, @Nullable String scope) {
        return new Operation(name, HttpMethod.POST, false, scope);
    }
}
