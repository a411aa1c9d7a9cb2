package com.xonetwork.tailnet.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Which plans a run tells. All of them; or, with {@code -Dplans.seed=N}, the third that the number picks: 0, 1 and 2 together are
 * all. {@code -Dplans.only=TEXT} picks those whose name contains the text. A name says what the plan is, not when it came, so
 * that the same plans are picked again.
 */
record PlanSample(@Nullable Integer seed, @Nullable String only) {

    private static final int PARTS = 3;

    static PlanSample ofProperties() {
        return new PlanSample(Integer.getInteger("plans.seed"), System.getProperty("plans.only"));
    }

    boolean takes(String plan) {
        return (seed == null || Math.floorMod(plan.hashCode(), PARTS) == Math.floorMod(seed, PARTS))
                && (only == null || plan.contains(only));
    }

    /** Those of the plans that are taken. Says on standard output which sample it is, and fails where it is empty. */
    <P> List<P> of(List<P> plans, Function<P, String> name) {
        var taken = plans.stream().filter(plan -> takes(name.apply(plan))).toList();
        System.out.printf("plans: %d of %d, %s%n", taken.size(), plans.size(), this);
        assertThat(taken)
                .as("plans of %s; there are %s", this, plans.stream().map(name).toList())
                .isNotEmpty();
        return taken;
    }

    @Override
    public String toString() {
        return (seed == null ? "all of them" : "the third of -Dplans.seed=" + seed)
                + (only == null ? "" : ", only -Dplans.only=" + only);
    }
}
