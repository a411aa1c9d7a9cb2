package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.policy.model.Span;

/**
 * A reason to refuse a policy.
 *
 * @param status what the service answers with: 400, or 500 where it stumbles itself
 * @param message in the words of the service
 */
public record Finding(int status, String message, Span span) {

    static Finding rejection(Span span, String message) {
        return new Finding(400, message, span);
    }
}
