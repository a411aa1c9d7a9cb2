package com.xonetwork.tailnet.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.xonetwork.tailnet.testbed.BuiltProgram;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Tailscale's own Go client, behind {@code src/test/go/officialclient}: takes calls by name, gives back what the client made
 * of the answers, in the client's own types.
 */
final class OfficialClient {

    private static final JsonMapper MAPPER = new JsonMapper();

    private final BuiltProgram program = BuiltProgram.named("officialclient");
    private final String url;
    private final Map<String, String> credentials;

    OfficialClient(String url, Map<String, String> credentials) {
        this.url = url;
        this.credentials = credentials;
    }

    /** What the client says of one call. Without an error the result is there, though it may be nothing. */
    record Outcome(String call, JsonNode result, JsonNode error) {

        boolean failed() {
            return error.isObject();
        }

        /** The HTTP status; 0 where the client does not keep it. */
        int status() {
            return error.path("status").asInt();
        }

        String message() {
            return error.path("message").asText("");
        }

        boolean notFound() {
            return error.path("notFound").asBoolean();
        }

        /** The result, which there must be. */
        JsonNode orFail() {
            if (failed()) {
                throw new AssertionError(call + " failed: " + status() + " " + message());
            }
            return result;
        }
    }

    /** A call and its arguments, name after name with the value behind it. */
    static Map<String, Object> call(String name, Object... namesAndValues) {
        var call = new HashMap<String, Object>();
        call.put("call", name);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            call.put((String) namesAndValues[i], namesAndValues[i + 1]);
        }
        return call;
    }

    /** One call. */
    Outcome run(String name, Object... namesAndValues) {
        return run(List.of(call(name, namesAndValues))).getFirst();
    }

    /** All the calls, in their order, in one run of the program. */
    List<Outcome> run(List<Map<String, Object>> calls) {
        try {
            var printed = program.run(credentials, MAPPER.writeValueAsString(calls), url)
                    .orFail()
                    .stdout();
            var outcomes = new ArrayList<Outcome>();
            for (var outcome : MAPPER.readTree(printed)) {
                outcomes.add(new Outcome(
                        outcome.path("call").asText(),
                        outcome.has("result") ? outcome.path("result") : MissingNode.getInstance(),
                        outcome.path("error")));
            }
            return outcomes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
