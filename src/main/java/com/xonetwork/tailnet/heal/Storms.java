package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec;
import com.xonetwork.tailnet.heal.HealInput.Quiet;
import com.xonetwork.tailnet.heal.HealPlan.Told;
import com.xonetwork.tailnet.pure.Pure;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What must not be healed now, because it is no failure of single nodes: or was not a short while ago. */
@Pure
final class Storms {

    /** Too many nodes are unhealthy at the same time. */
    static final String STORM = "too many unhealthy nodes";

    private final HealInput input;
    private final HealPolicySpec spec;
    private final List<NodeHealth> nodes;
    private final Map<String, Quiet> quiet = new TreeMap<>();
    private final List<String> incidents = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();

    Storms(HealInput input, List<NodeHealth> nodes) {
        this.input = input;
        this.spec = input.policy().getSpec();
        this.nodes = nodes;
        feel();
    }

    /** By cause, for the next plan. */
    Map<String, Quiet> quiet() {
        return Map.copyOf(quiet);
    }

    /** What was not there before: one Event each. */
    List<String> incidents() {
        return List.copyOf(incidents);
    }

    List<Told> told() {
        return List.copyOf(told);
    }

    /** When cooldowns are over. */
    Stream<Instant> dues() {
        return quiet.values().stream().filter(rest -> !rest.active()).map(Quiet::until);
    }

    boolean areNone() {
        return quiet.isEmpty();
    }

    /** Too many nodes are unhealthy, or were: nothing at all is healed. */
    boolean holdAll() {
        return quiet.containsKey(STORM);
    }

    /** The cause for which a node is left alone. */
    Optional<String> holding(String node) {
        return quiet.entrySet().stream()
                .filter(rest -> rest.getValue().members().isEmpty()
                        || rest.getValue().members().contains(node))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    String message() {
        return quiet.entrySet().stream()
                .map(rest -> rest.getKey()
                        + (rest.getValue().active()
                                ? ""
                                : ", over; no remedy before "
                                        + rest.getValue().until().truncatedTo(ChronoUnit.SECONDS)))
                .collect(Collectors.joining("; "));
    }

    /** What is a storm now rests from now on for the cooldown; what was one goes on resting until its time is over. */
    private void feel() {
        var until = input.now().plus(DurationText.parse(spec.stormCooldownDuration()));
        input.quietUntil().forEach((cause, rest) -> {
            if (rest.active()) {
                quiet.put(cause, new Quiet(false, until, rest.members()));
            } else if (input.now().isBefore(rest.until())) {
                quiet.put(cause, rest);
            }
        });
        var down = nodes.stream().filter(NodeHealth::isDown).count();
        if (down > limit()) {
            rest(
                    STORM,
                    new Quiet(true, until, Set.of()),
                    down + " of " + nodes.size() + " nodes are unhealthy, and "
                            + (spec.minHealthy() == null
                                    ? "maxUnhealthy " + spec.maxUnhealthy()
                                    : "minHealthy " + spec.minHealthy())
                            + " allows " + limit()
                            + ". No remedy is started. Look for what these nodes have in common");
        }
        for (var suspect : CommonCauses.of(nodes, spec, input.routes())) {
            rest(
                    suspect.name(),
                    new Quiet(true, until, suspect.members()),
                    suspect.failed() + " of " + suspect.members().size() + " nodes that share " + suspect.name()
                            + " failed within " + spec.commonCause().window()
                            + ". No remedy is started for these nodes. Look at " + suspect.name() + " first");
        }
    }

    private void rest(String cause, Quiet rest, String message) {
        if (!input.quietUntil().containsKey(cause)) {
            incidents.add(message);
            told.add(new Told(HealPlanner.EVERY_NODE, "Held", cause.equals(STORM) ? "Storm" : "CommonCause", message));
        }
        quiet.put(cause, rest);
    }

    /** Nodes that may be unhealthy at the same time; a percentage allows one at least, or a small fleet would never heal. */
    private long limit() {
        var total = nodes.size();
        if (spec.minHealthy() != null) {
            var least = amount(spec.minHealthy(), total, true);
            return Math.max(0, total - least);
        }
        var most = Objects.requireNonNull(spec.maxUnhealthy());
        var amount = amount(most, total, false);
        return most.endsWith("%") && !most.equals("0%") ? Math.max(1, amount) : amount;
    }

    private static long amount(String text, int total, boolean up) {
        if (!text.endsWith("%")) {
            return Long.parseLong(text);
        }
        var percent = Long.parseLong(text.substring(0, text.length() - 1)) * total;
        return up ? Math.ceilDiv(percent, 100) : percent / 100;
    }
}
