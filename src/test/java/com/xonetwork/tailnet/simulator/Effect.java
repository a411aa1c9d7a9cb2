package com.xonetwork.tailnet.simulator;

import java.time.Duration;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * What becomes of one call.
 *
 * @param perform whether the operation is carried out at all
 * @param change what is made of its answer
 * @param delivery how the answer goes over the wire
 * @param delay how long the answer is held back; the operation itself is carried out at once
 */
record Effect(boolean perform, UnaryOperator<Answer> change, Delivery delivery, Duration delay) {

    /** How an answer goes over the wire. */
    enum Delivery {
        WHOLE,
        /** A Content-Length, half of that, then the end of the connection. */
        TRUNCATED,
        /** Some chunks without the last one, then the end of the connection. */
        TRUNCATED_CHUNKED,
        /** Nothing, and the connection stays open. */
        NEVER,
        /** Nothing, and the connection is closed in an orderly way. */
        CLOSED,
        /** Nothing, and the connection is reset. */
        RESET
    }

    /** The call is treated as it should be. */
    static final Effect NONE = performed(UnaryOperator.identity());

    static Effect performed(UnaryOperator<Answer> change) {
        return new Effect(true, change, Delivery.WHOLE, Duration.ZERO);
    }

    static Effect instead(Answer answer) {
        return new Effect(false, same -> answer, Delivery.WHOLE, Duration.ZERO);
    }

    static Effect lost(boolean perform, Delivery delivery) {
        return new Effect(perform, UnaryOperator.identity(), delivery, Duration.ZERO);
    }

    Effect after(Duration newDelay) {
        return new Effect(perform, change, delivery, newDelay);
    }

    Answer answer(Supplier<Answer> operation) {
        return change.apply(perform ? operation.get() : Answer.empty(200));
    }
}
