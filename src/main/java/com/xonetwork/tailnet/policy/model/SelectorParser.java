package com.xonetwork.tailnet.policy.model;

import java.util.Optional;

/** Tells the kinds of selectors apart. Prefixes come first: {@code group:x@example.com} is a group that a directory syncs. */
final class SelectorParser {

    private static final String USERS_OF = "user:*@";

    private SelectorParser() {}

    static Selector parse(String text) {
        if (text.equals("*")) {
            return new Selector.Wildcard();
        }
        if (text.startsWith("group:")) {
            return new Selector.Group(text);
        }
        if (text.startsWith("tag:")) {
            return new Selector.Tag(text);
        }
        if (text.startsWith("autogroup:")) {
            return new Selector.AutogroupName(text, Autogroup.of(text.substring("autogroup:".length())));
        }
        if (text.startsWith("ipset:")) {
            return new Selector.IpSetName(text);
        }
        if (text.startsWith("svc:")) {
            return new Selector.Service(text);
        }
        if (text.startsWith(USERS_OF)) {
            return new Selector.UserDomain(text.substring(USERS_OF.length()));
        }
        if (text.contains("@")) {
            return new Selector.User(text);
        }
        return addresses(text).orElseGet(() -> new Selector.Host(text));
    }

    private static Optional<Selector> addresses(String text) {
        if (text.indexOf('/') >= 0) {
            return IpPrefix.parse(text).map(Selector.Prefix::new);
        }
        Optional<Selector> address = IpAddress.parse(text).map(Selector.Address::new);
        if (address.isPresent() || text.indexOf('-') < 0) {
            return address;
        }
        return IpRange.parse(text).map(Selector.Range::new);
    }
}
