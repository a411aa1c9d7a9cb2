package com.xonetwork.tailnet.node;

import java.util.Collection;
import java.util.SortedSet;

/** One change to a device, decided by {@link NodePlanner} and made by {@link DeviceEffects}. All are idempotent. */
public sealed interface DeviceAction {

    /** What is changed; each is written, refused and reported on its own. */
    enum Field {
        NAME("the name", false),
        /** Of the device that the machine was before. */
        FORMER_NAME("the name", false),
        TAGS("the tags", true),
        APPROVAL("the approval", false),
        KEY_EXPIRY("the key expiry", false),
        ROUTES("the approved routes", true);

        private final String words;
        private final boolean isPlural;

        Field(String words, boolean isPlural) {
            this.words = words;
            this.isPlural = isPlural;
        }

        /** As a message names it: {@code the tags}. */
        String words() {
            return words;
        }

        String it() {
            return isPlural ? "them" : "it";
        }
    }

    /** A list as messages show it: {@code tag:db, tag:web}, or {@code none}. */
    static String text(Collection<String> values) {
        return values.isEmpty() ? "none" : String.join(", ", values);
    }

    String deviceId();

    Field field();

    /** What is wanted, as text for messages. */
    String wanted();

    /** What the device has now, as text for messages. */
    String found();

    record SetName(String deviceId, String name, String found) implements DeviceAction {
        @Override
        public Field field() {
            return Field.NAME;
        }

        @Override
        public String wanted() {
            return name;
        }
    }

    /**
     * Gives another name to the device that the machine was before, so that the name is free for the one that it is now.
     *
     * @param deviceId of the former device
     */
    record PutAside(String deviceId, String name, String found) implements DeviceAction {
        @Override
        public Field field() {
            return Field.FORMER_NAME;
        }

        @Override
        public String wanted() {
            return name;
        }
    }

    record SetTags(String deviceId, SortedSet<String> tags, String found) implements DeviceAction {
        @Override
        public Field field() {
            return Field.TAGS;
        }

        @Override
        public String wanted() {
            return text(tags);
        }
    }

    record SetApproval(String deviceId, boolean approved, String found) implements DeviceAction {
        @Override
        public Field field() {
            return Field.APPROVAL;
        }

        @Override
        public String wanted() {
            return approved ? "approved" : "not approved";
        }
    }

    record SetKeyExpiry(String deviceId, boolean disabled, String found) implements DeviceAction {
        @Override
        public Field field() {
            return Field.KEY_EXPIRY;
        }

        @Override
        public String wanted() {
            return disabled ? "disabled" : "enabled";
        }
    }

    /** @param routes all that are to be approved, exit routes included */
    record SetRoutes(String deviceId, SortedSet<String> routes, String found) implements DeviceAction {
        @Override
        public Field field() {
            return Field.ROUTES;
        }

        @Override
        public String wanted() {
            return text(routes);
        }
    }
}
