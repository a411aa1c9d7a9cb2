package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.policy.model.Malformed;
import com.xonetwork.tailnet.policy.model.Span;

/**
 * A reason to refuse a policy.
 *
 * @param status what the service answers with: 400, or 500 where it stumbles itself
 * @param message in the words of the service
 * @param allPortsByNumber see {@link Malformed}
 */
public record Finding(int status, String message, Span span, boolean allPortsByNumber) {

    private static final int BAD_REQUEST = 400;

    public static Finding rejection(Span span, String message) {
        return new Finding(BAD_REQUEST, message, span, false);
    }

    /** @param prefix what stands before the problem in the service's message */
    static Finding malformed(Span span, String prefix, Malformed problem) {
        return new Finding(BAD_REQUEST, prefix + problem.message(), span, problem.allPortsByNumber());
    }
}
