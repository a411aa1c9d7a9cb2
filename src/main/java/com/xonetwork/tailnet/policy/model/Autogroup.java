package com.xonetwork.tailnet.policy.model;

import java.util.Optional;

/** The groups that the service itself fills. Names as in tailscale.com/kb/1337 (targets and selectors). */
public enum Autogroup {
    /** Users of the tailnet, by their untagged devices. {@code autogroup:members} is the spelling of old. */
    MEMBER("member"),
    TAGGED("tagged"),
    /** Only as a destination: the devices of the same user as the source. */
    SELF("self"),
    /** Only as a destination: everything that is reached through an exit node. */
    INTERNET("internet"),
    /** Only as a source: users of other tailnets with whom a device was shared. */
    SHARED("shared"),
    /** Only as a source: every address whatever. */
    DANGER_ALL("danger-all"),
    OWNER("owner"),
    ADMIN("admin"),
    IT_ADMIN("it-admin"),
    NETWORK_ADMIN("network-admin"),
    BILLING_ADMIN("billing-admin"),
    AUDITOR("auditor"),
    /** Only as a login user of SSH rules. */
    NONROOT("nonroot");

    private final String spelling;

    Autogroup(String spelling) {
        this.spelling = spelling;
    }

    /** The name after {@code autogroup:}. */
    public String spelling() {
        return spelling;
    }

    /** Whether it is made of users with a role, so that it can be at the source of a rule about their own devices. */
    public boolean isRole() {
        return switch (this) {
            case MEMBER, OWNER, ADMIN, IT_ADMIN, NETWORK_ADMIN, BILLING_ADMIN, AUDITOR -> true;
            case TAGGED, SELF, INTERNET, SHARED, DANGER_ALL, NONROOT -> false;
        };
    }

    static Optional<Autogroup> of(String name) {
        if (name.equals("members")) {
            return Optional.of(MEMBER);
        }
        for (Autogroup group : values()) {
            if (group.spelling.equals(name)) {
                return Optional.of(group);
            }
        }
        return Optional.empty();
    }
}
