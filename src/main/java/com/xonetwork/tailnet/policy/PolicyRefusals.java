package com.xonetwork.tailnet.policy;

import com.xonetwork.tailnet.api.v1alpha1.PolicyValidation;
import com.xonetwork.tailnet.policy.PolicyForesight.Machines;
import com.xonetwork.tailnet.pure.Pure;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which AclPolicies say what makes the whole policy be refused, so that their owners are told, and not the others'. One that is
 * well formed by itself may name what no AclPolicy defines: that shows in the merged policy only.
 */
@Pure
final class PolicyRefusals {

    private final PolicyInput input;
    private final MergedFragments merged;
    private final PolicyForesight foresight;

    PolicyRefusals(PolicyInput input, MergedFragments merged) {
        this.input = input;
        this.merged = merged;
        this.foresight = input.foresight();
    }

    /** Of the enforced ones, by name, what the operator finds wrong; and of the observed ones. */
    Map<String, String> foreseen(int mostObserved) {
        if (!isJudged()) {
            return Map.of();
        }
        var refused = new HashMap<>(ofObserved(mostObserved));
        refused.putAll(told(
                foresight.objections(merged.view(), machines(), input.syntax()), merged.written(), anybody -> true));
        return Map.copyOf(refused);
    }

    /** Of the observed ones alone: what is in force the control plane has taken, whatever the operator finds. */
    Map<String, String> ofObserved(int most) {
        if (!isJudged()) {
            return Map.of();
        }
        var refused = new HashMap<String, String>();
        merged.trials(most)
                .forEach((name, trial) -> refused.putAll(
                        told(foresight.objections(trial.merged(), machines(), input.syntax()), trial, name::equals)));
        return refused;
    }

    /** Of the enforced ones, by name, what the control plane refused. */
    Map<String, String> answered(Objection answer) {
        return told(List.of(answer), merged.written(), anybody -> true);
    }

    private boolean isJudged() {
        return input.spec().validation() != PolicyValidation.WARN
                && merged.firstUnusable().isEmpty();
    }

    /** @param who are to be told: to find a line, a text of up to 256 KiB is read */
    private static Map<String, String> told(List<Objection> objections, WrittenPlaces written, Predicate<String> who) {
        var refused = new HashMap<String, String>();
        for (var objection : objections) {
            if (objection.isOfALine()) {
                objection.places().stream()
                        .flatMap(place -> written.origins(place).stream())
                        .filter(origin -> who.test(origin.fragment().name()) && written.isWrittenByAUser(origin))
                        .forEach(origin -> refused.computeIfAbsent(
                                origin.fragment().name(), name -> written.place(origin) + ": " + objection.message()));
            }
        }
        return refused;
    }

    private Optional<Machines> machines() {
        return input.view().usableDevices().map(foresight::machines);
    }
}
