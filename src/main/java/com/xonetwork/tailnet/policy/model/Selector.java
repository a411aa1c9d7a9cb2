package com.xonetwork.tailnet.policy.model;

import java.util.Optional;

/** Who or what a rule means, as the policy names it. What stands behind a name only a topology can say. */
public sealed interface Selector {

    /** As a policy writes it. */
    String text();

    /**
     * Reads one. Blanks around it do not count, as the service does not count them. Never fails: what is nothing else is
     * the name of a host, and whether that host exists is for validation to say.
     */
    static Selector parse(String written) {
        return SelectorParser.parse(written.strip());
    }

    /** {@code *}. */
    record Wildcard() implements Selector {
        @Override
        public String text() {
            return "*";
        }
    }

    /** @param name with its prefix: {@code group:dev} */
    record Group(String name) implements Selector {
        @Override
        public String text() {
            return name;
        }
    }

    /** @param name with its prefix: {@code tag:web} */
    record Tag(String name) implements Selector {
        @Override
        public String text() {
            return name;
        }
    }

    /** @param login what users log in with: {@code ada@example.com}, {@code ada@github} */
    record User(String login) implements Selector {
        @Override
        public String text() {
            return login;
        }
    }

    /** All users of a domain: {@code user:*@example.com}. */
    record UserDomain(String domain) implements Selector {
        @Override
        public String text() {
            return "user:*@" + domain;
        }
    }

    /**
     * @param name with its prefix, as written
     * @param group which one it is; empty for a name that we do not know
     */
    record AutogroupName(String name, Optional<Autogroup> group) implements Selector {
        @Override
        public String text() {
            return name;
        }

        public boolean is(Autogroup which) {
            return group.isPresent() && group.get() == which;
        }
    }

    /** A name that {@code hosts} should explain. */
    record Host(String name) implements Selector {
        @Override
        public String text() {
            return name;
        }
    }

    /** One address, without a length. */
    record Address(IpAddress address) implements Selector {
        @Override
        public String text() {
            return address.toString();
        }
    }

    /** An address with a length, {@code /32} too: the service tells the two apart in tests. */
    record Prefix(IpPrefix prefix) implements Selector {
        @Override
        public String text() {
            return prefix.toString();
        }
    }

    /** {@code 10.0.0.1-10.0.0.9}; only IP sets take them. */
    record Range(IpRange range) implements Selector {
        @Override
        public String text() {
            return range.toString();
        }
    }

    /** @param name with its prefix: {@code ipset:prod} */
    record IpSetName(String name) implements Selector {
        @Override
        public String text() {
            return name;
        }
    }

    /** @param name with its prefix: {@code svc:web} */
    record Service(String name) implements Selector {
        @Override
        public String text() {
            return name;
        }
    }

    default boolean isAutogroup(Autogroup which) {
        return this instanceof AutogroupName name && name.is(which);
    }
}
