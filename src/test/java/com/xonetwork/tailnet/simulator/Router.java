package com.xonetwork.tailnet.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the operation that a method and a path name. */
final class Router {

    private static final String BASE = "/api/v2/";

    private final List<Operation> operations;

    Router(Profile profile) {
        operations = Stream.of(Operation.values()).filter(profile::has).toList();
    }

    /** What a request line names. */
    sealed interface Match {
        /** An operation, with the path's variable elements decoded. */
        record Found(Operation operation, Map<String, String> parameters) implements Match {}

        /** The path exists, the method does not. */
        record WrongMethod() implements Match {}

        /** Nothing is there. */
        record Nothing() implements Match {}
    }

    Match match(String method, String rawPath) {
        if (!rawPath.startsWith(BASE)) {
            return new Match.Nothing();
        }
        // The path is split before it is decoded: an encoded slash belongs to the element that carries it.
        List<String> segments;
        try {
            segments = Arrays.stream(rawPath.substring(BASE.length()).split("/", -1))
                    .map(Router::decode)
                    .toList();
        } catch (IllegalArgumentException malformedEscape) {
            return new Match.Nothing();
        }
        var pathExists = false;
        for (var operation : operations) {
            var parameters = parameters(operation.segments(), segments);
            if (parameters.isPresent()) {
                if (operation.method().equals(method)) {
                    return new Match.Found(operation, parameters.get());
                }
                pathExists = true;
            }
        }
        return pathExists ? new Match.WrongMethod() : new Match.Nothing();
    }

    private static Optional<Map<String, String>> parameters(List<String> template, List<String> actual) {
        if (template.size() != actual.size()) {
            return Optional.empty();
        }
        var parameters = new HashMap<String, String>();
        for (int i = 0; i < template.size(); i++) {
            var wanted = template.get(i);
            if (wanted.startsWith("{")) {
                parameters.put(wanted.substring(1, wanted.length() - 1), actual.get(i));
            } else if (!wanted.equals(actual.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(parameters);
    }

    private static String decode(String segment) {
        // In a path a plus sign is a plus sign; URLDecoder thinks of forms.
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
