package com.xonetwork.tailnet.simulator;

import java.util.Locale;
import java.util.function.Predicate;

/** How the service makes a MagicDNS label of what it is given. */
final class DeviceNames {

    private DeviceNames() {}

    /**
     * Lower case, {@code _} and {@code .} become hyphens, a trailing hyphen goes; a name that already ends in the tailnet's
     * domain loses it first.
     */
    static String normalise(String wanted, String dnsSuffix) {
        var name = wanted.toLowerCase(Locale.ROOT);
        if (name.endsWith("." + dnsSuffix)) {
            name = name.substring(0, name.length() - dnsSuffix.length() - 1);
        }
        name = name.replace('_', '-').replace('.', '-');
        while (name.endsWith("-")) {
            name = name.substring(0, name.length() - 1);
        }
        return name;
    }

    /** The name itself, or the first of {@code name-1}, {@code name-2} ... that is free. */
    static String free(String name, Predicate<String> taken) {
        var candidate = name;
        for (int suffix = 1; taken.test(candidate); suffix++) {
            candidate = name + "-" + suffix;
        }
        return candidate;
    }
}
