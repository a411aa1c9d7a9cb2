package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One request that found its operation.
 *
 * @param parameters variable elements of the path, decoded
 * @param headers names in lower case
 */
record Call(
        Operation operation,
        Map<String, String> parameters,
        Map<String, List<String>> query,
        Map<String, String> headers,
        byte[] body,
        Caller caller) {

    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    /** The query parameter's first value, or nothing. */
    String query(String name) {
        return query.getOrDefault(name, List.of("")).getFirst();
    }

    /** The body, which must be a JSON object. The text of the refusal is ours: the live one is not known. */
    ObjectNode json() {
        return Json.parseObject(body).orElseThrow(() -> ApiError.badRequest("invalid request body"));
    }
}
