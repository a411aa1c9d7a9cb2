package com.xonetwork.tailnet.controlplane.http;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds the service's words in an error's body, whatever came: Tailscale's and Headscale's JSON, RFC 6749 (tokens),
 * RFC 9457 (problem details), plain text. Web pages are left out: they tell of a proxy, not of the reason.
 */
final class ErrorReader {

    private static final int LONGEST_TEXT = 200;

    /** Room for a failed policy test; a condition's message has no more than that to spare. */
    private static final int LONGEST_MESSAGE = 1000;

    /** Control, format (bidirectional overrides) and line separators: they would forge log lines and conditions. */
    private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\u2028\\u2029\\s]+");

    private final WireFormat wire;
    private final Redaction redaction;
    private final RetryAfter retryAfter;

    ErrorReader(WireFormat wire, Redaction redaction, RetryAfter retryAfter) {
        this.wire = wire;
        this.redaction = redaction;
        this.retryAfter = retryAfter;
    }

    ErrorAnswer read(Answer answer, @Nullable String bearer) {
        var tree = wire.tree(answer);
        var code = tree.flatMap(json -> text(json, "error")).orElse(null);
        var said = tree.flatMap(ErrorReader::messageOf);
        var message = said.map(text -> tidy(text, bearer, LONGEST_MESSAGE)).orElseGet(() -> plainText(answer, bearer));
        return new ErrorAnswer(
                answer.operation(),
                answer.status(),
                message,
                code,
                said.isPresent(),
                answer.requestId().orElse(null),
                retryAfter.of(answer).orElse(null));
    }

    /** One clean line of the service's text, of a message's length at most. */
    String tidy(String text) {
        return tidy(text, null, LONGEST_MESSAGE);
    }

    private static Optional<String> messageOf(JsonNode json) {
        return text(json, "message")
                .map(message -> withDetails(message, json.path("data")))
                .or(() -> text(json, "error_description"))
                .or(() -> text(json, "error"))
                .or(() -> text(json, "detail"));
    }

    /** Tailscale adds to a refused policy what each test found: {@code data: [{user, errors}]}. */
    private static String withDetails(String message, JsonNode data) {
        var details = new ArrayList<String>();
        for (var entry : data) {
            var prefix = text(entry, "user").map(user -> user + ": ").orElse("");
            for (var error : entry.path("errors")) {
                details.add(prefix + error.asText());
            }
        }
        return details.isEmpty() ? message : message + ": " + String.join("; ", details);
    }

    private String plainText(Answer answer, @Nullable String bearer) {
        if (answer.isHtml()) {
            return "a web page came instead of an API answer";
        }
        var text = answer.text().strip();
        // The remains of a cut JSON answer explain nothing.
        return text.startsWith("{") || text.startsWith("[") ? "" : tidy(text, bearer, LONGEST_TEXT);
    }

    private String tidy(String text, @Nullable String bearer, int longest) {
        // Redacted before it is shortened: half a secret would not be recognised.
        var clean =
                INVISIBLE.matcher(redaction.clean(text, bearer)).replaceAll(" ").strip();
        if (clean.length() <= longest) {
            return clean;
        }
        int end = Character.isHighSurrogate(clean.charAt(longest - 1)) ? longest - 1 : longest;
        return clean.substring(0, end) + "...";
    }

    private static Optional<String> text(JsonNode json, String field) {
        var value = json.path(field);
        return value.isTextual() && !value.asText().isBlank() ? Optional.of(value.asText()) : Optional.empty();
    }
}
