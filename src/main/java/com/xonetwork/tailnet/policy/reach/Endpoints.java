package com.xonetwork.tailnet.policy.reach;

import java.util.List;

/**
 * Who sends or is reached, in the words of the policies.
 *
 * @param names selectors of the policies that together mean exactly these; machines and addresses for what no selector
 *     means
 * @param machines how many nodes they are; 0 for addresses behind routers; {@link #UNCOUNTED} without a topology
 */
public record Endpoints(List<String> names, int machines) {

    public static final int UNCOUNTED = -1;

    /** What {@code autogroup:self} leads to. */
    static final Endpoints OWN_DEVICES = new Endpoints(List.of("their own devices"), UNCOUNTED);

    private static final int SHOWN = 5;

    public Endpoints {
        names = List.copyOf(names);
    }

    /** The first names, and how many more there are. */
    @Override
    public String toString() {
        String first = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
        return names.size() <= SHOWN ? first : first + " and " + (names.size() - SHOWN) + " more";
    }
}
