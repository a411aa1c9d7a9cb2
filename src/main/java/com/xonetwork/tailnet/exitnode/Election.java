package com.xonetwork.tailnet.exitnode;

import com.xonetwork.tailnet.pure.Pure;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses an exit node, calmly: a choice stands for its dwell time at least, a preferred candidate must have been healthy
 * for the failback delay before it is chosen again, and what is unknown changes nothing. The time is an argument.
 */
@Pure
final class Election {

    private Election() {}

    /** What is known of a candidate's health. */
    enum Health {
        HEALTHY,
        UNHEALTHY,
        UNKNOWN
    }

    /** @param dwell how long a choice stands at least */
    record Rules(Duration dwell, Duration failbackDelay, boolean clearWhenNoneHealthy) {}

    /** @param node its name */
    record Candidate(String node, Health health) {}

    /**
     * What an election remembers.
     *
     * @param active the choice; null for none
     * @param since when it was made; null before the first
     * @param healthySince of each candidate that was healthy without a break
     */
    record State(@Nullable String active, @Nullable Instant since, Map<String, Instant> healthySince) {
        static final State NONE = new State(null, null, Map.of());

        State {
            healthySince = Map.copyOf(healthySince);
        }
    }

    /**
     * What an election came to.
     *
     * @param waitsFor the candidate that would be chosen but for the dwell time
     * @param lookAgain when the clock alone may change the outcome
     */
    record Outcome(State state, @Nullable String waitsFor, Optional<Instant> lookAgain) {}

    /** @param candidates the most preferred first */
    static Outcome hold(State before, List<Candidate> candidates, Rules rules, Instant now) {
        var healthySince = healthySince(before, candidates, now);
        var kept = new State(before.active(), before.since(), healthySince);
        var active = candidates.stream()
                .filter(candidate -> candidate.node().equals(before.active()))
                .findFirst();
        var best = candidates.stream()
                .filter(candidate -> candidate.health() == Health.HEALTHY)
                .findFirst();
        if (before.active() != null && active.isEmpty()) {
            // The user took it out: it must not be used a moment longer, healthy or not.
            var next = best.or(() -> rules.clearWhenNoneHealthy()
                    ? Optional.empty()
                    : candidates.stream().findFirst());
            return settled(new State(next.map(Candidate::node).orElse(null), now, healthySince));
        }
        if (active.isPresent()) {
            return switch (active.get().health()) {
                case UNKNOWN -> settled(kept);
                case HEALTHY -> failback(kept, active.get(), candidates, rules, now);
                case UNHEALTHY -> failover(kept, best, candidates, rules, now);
            };
        }
        return best.map(candidate -> change(kept, candidate.node(), rules, now)).orElseGet(() -> settled(kept));
    }

    private static Map<String, Instant> healthySince(State before, List<Candidate> candidates, Instant now) {
        var since = new HashMap<String, Instant>();
        for (var candidate : candidates) {
            if (candidate.health() == Health.HEALTHY) {
                since.put(candidate.node(), before.healthySince().getOrDefault(candidate.node(), now));
            }
        }
        return since;
    }

    private static Outcome failover(
            State kept, Optional<Candidate> best, List<Candidate> candidates, Rules rules, Instant now) {
        if (best.isPresent()) {
            return change(kept, best.get().node(), rules, now);
        }
        var allKnown = candidates.stream().noneMatch(candidate -> candidate.health() == Health.UNKNOWN);
        return rules.clearWhenNoneHealthy() && allKnown ? change(kept, null, rules, now) : settled(kept);
    }

    private static Outcome failback(
            State kept, Candidate active, List<Candidate> candidates, Rules rules, Instant now) {
        Optional<Instant> earliest = Optional.empty();
        for (var better : candidates.subList(0, candidates.indexOf(active))) {
            if (better.health() == Health.HEALTHY) {
                var due = kept.healthySince().getOrDefault(better.node(), now).plus(rules.failbackDelay());
                if (!due.isAfter(now)) {
                    return change(kept, better.node(), rules, now);
                }
                earliest = earliest.filter(other -> other.isBefore(due)).or(() -> Optional.of(due));
            }
        }
        return new Outcome(kept, null, earliest);
    }

    /** Changes the choice unless the present one has not stood long enough. */
    private static Outcome change(State kept, @Nullable String to, Rules rules, Instant now) {
        var free = kept.since() == null ? now : kept.since().plus(rules.dwell());
        return free.isAfter(now)
                ? new Outcome(kept, to, Optional.of(free))
                : settled(new State(to, now, kept.healthySince()));
    }

    private static Outcome settled(State state) {
        return new Outcome(state, null, Optional.empty());
    }
}
