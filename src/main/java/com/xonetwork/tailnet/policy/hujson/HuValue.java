package com.xonetwork.tailnet.policy.hujson;

import java.util.List;
import java.util.Optional;

/**
 * A value and where it stands: {@link #start()} is the offset of its first character in the text of its document, {@link
 * #end()} the offset after its last, without comments and blanks around it. Together with the offsets of commas and
 * colons nothing of the text is lost: what is between two tokens is blanks and comments.
 */
public sealed interface HuValue {

    int start();

    int end();

    /** What it is, for messages: {@code an object}, {@code a string} ... */
    default String kind() {
        return switch (this) {
            case HuObject ignored -> "an object";
            case HuArray ignored -> "a list";
            case HuString ignored -> "a string";
            case HuNumber ignored -> "a number";
            case HuBoolean ignored -> "a boolean";
            case HuNull ignored -> "null";
        };
    }

    record HuObject(int start, int end, List<HuMember> members) implements HuValue {

        public HuObject {
            members = List.copyOf(members);
        }

        /** The member of exactly that name. */
        public Optional<HuMember> member(String name) {
            return members.stream()
                    .filter(member -> member.name().value().equals(name))
                    .findFirst();
        }
    }

    record HuArray(int start, int end, List<HuElement> elements) implements HuValue {

        public HuArray {
            elements = List.copyOf(elements);
        }
    }

    /** @param value the text that is meant, its escapes resolved */
    record HuString(int start, int end, String value) implements HuValue {}

    /** @param literal as it is written: {@code 1.50}, {@code 1e3} */
    record HuNumber(int start, int end, String literal) implements HuValue {}

    record HuBoolean(int start, int end, boolean value) implements HuValue {}

    record HuNull(int start, int end) implements HuValue {}

    /**
     * @param comma the offset of the comma after the value, -1 without one
     */
    record HuMember(HuString name, int colon, HuValue value, int comma) {}

    /**
     * @param comma the offset of the comma after the value, -1 without one
     */
    record HuElement(HuValue value, int comma) {}
}
