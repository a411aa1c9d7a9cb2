package com.xonetwork.tailnet.controlplane.http;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import java.nio.charset.StandardCharsets;

/**
 * Path and query of a request, each element percent-encoded by itself: an id from outside must never become a path
 * separator or a second query parameter.
 */
public final class RequestPath {

    /** RFC 3986 "unreserved", and the colon: ids such as {@code svc:name} are sent as they are. */
    private static final String LITERAL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:";

    private final StringBuilder path = new StringBuilder();
    private boolean hasQuery;

    private RequestPath() {}

    /**
     * A path of these elements.
     *
     * @throws ControlPlaneException.Rejected for an empty element, {@code .} and {@code ..}: those would address
     *     something else, {@code DELETE /device/} for one
     */
    public static RequestPath of(String... elements) {
        var path = new RequestPath();
        for (var element : elements) {
            if (element.isBlank() || element.equals(".") || element.equals("..")) {
                throw new ControlPlaneException.Rejected(0, "\"" + element + "\" is no id or name");
            }
            path.path.append('/').append(encode(element));
        }
        return path;
    }

    /** Adds one query parameter. */
    public RequestPath query(String name, String value) {
        path.append(hasQuery ? '&' : '?').append(encode(name)).append('=').append(encode(value));
        hasQuery = true;
        return this;
    }

    private static String encode(String element) {
        var encoded = new StringBuilder();
        for (byte octet : element.getBytes(StandardCharsets.UTF_8)) {
            char character = (char) (octet & 0xff);
            if (LITERAL.indexOf(character) >= 0) {
                encoded.append(character);
            } else {
                encoded.append('%').append(String.format("%02X", (int) character));
            }
        }
        return encoded.toString();
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
