package com.xonetwork.tailnet.controlplane.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * An answer that says no, made ready for a decision and for a user's eyes.
 *
 * @param serviceMessage the service's own words, cleaned and shortened; empty when there were none worth showing
 * @param code RFC 6749 {@code error}, such as {@code invalid_client}
 * @param json whether the body was a JSON object with a message: the API itself answered, not something in front of it
 * @param retryAfter how long the service wants us to wait
 */
public record ErrorAnswer(
        Operation operation,
        int status,
        String serviceMessage,
        @Nullable String code,
        boolean json,
        @Nullable String requestId,
        @Nullable Duration retryAfter) {

    /** Operation, the service's words and status in one line; the same every time for the same refusal. */
    public String describe() {
        var text = new StringBuilder(operation.name()).append(": ");
        text.append(serviceMessage.isEmpty() ? "the service refused without a reason" : serviceMessage);
        return text.append(" (HTTP ").append(status).append(')').toString();
    }
}
