package com.xonetwork.tailnet.status;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.pure.Pure;

/**
 * One thing found out, before it becomes a condition: planners speak in facts, which carry neither generation nor time.
 *
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param message a sentence, with what to do where something is wrong; never a secret
 */
@Pure
public record Fact(ConditionType type, String status, Reason reason, String message) {

    public static Fact yes(ConditionType type, Reason reason, String message) {
        return new Fact(type, Condition.TRUE, reason, message);
    }

    public static Fact no(ConditionType type, Reason reason, String message) {
        return new Fact(type, Condition.FALSE, reason, message);
    }

    public static Fact unknown(ConditionType type, Reason reason, String message) {
        return new Fact(type, Condition.UNKNOWN, reason, message);
    }

    public boolean isTrue() {
        return Condition.TRUE.equals(status);
    }
}
