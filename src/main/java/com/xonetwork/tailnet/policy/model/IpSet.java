package com.xonetwork.tailnet.policy.model;

import java.util.List;

/**
 * An entry of {@code ipsets}: addresses that are added and removed in the order of the text.
 *
 * @param name with its prefix: {@code ipset:prod}
 */
public record IpSet(String name, List<Located<Step>> steps, Span span) {

    public IpSet {
        steps = List.copyOf(steps);
    }

    /** @param target addresses, a host ({@code host:} is left out), another set or {@code autogroup:internet} */
    public record Step(boolean add, Selector target) {

        static Step parse(String written) {
            String text = written.strip();
            if (text.startsWith("remove ")) {
                return new Step(false, target(text.substring("remove ".length())));
            }
            return new Step(true, target(text.startsWith("add ") ? text.substring("add ".length()) : text));
        }

        private static Selector target(String text) {
            String target = text.strip();
            return target.startsWith("host:")
                    ? new Selector.Host(target.substring("host:".length()))
                    : Selector.parse(target);
        }
    }
}
