package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.status.ConditionType.POLICY_IN_SYNC;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.ForeignPolicy;
import com.xonetwork.tailnet.api.v1alpha1.PolicyValidation;
import com.xonetwork.tailnet.policy.PolicyForesight.Machines;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Abridged;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * What keeps a merged policy from being published: one that would allow everything, would replace somebody else's file,
 * would take the owner of a tag in use, would be refused anyway, or that a guard objects to.
 */
@Pure
final class PublishGuards {

    /** Characters of reasons and command together, which leaves room for the words around them in a condition's message. */
    private static final int MESSAGE = 850;

    /** Tags, and nodes of each, that a message names. */
    private static final int NAMED = 10;

    private final PolicyInput input;
    private final MergedFragments merged;
    private final PolicyInForce current;
    private final PolicyForesight foresight;

    PublishGuards(PolicyInput input, MergedFragments merged, PolicyInForce current) {
        this.input = input;
        this.merged = merged;
        this.current = current;
        this.foresight = input.foresight();
    }

    /** The first that objects; empty if the policy may be published. */
    Optional<Fact> first() {
        if (merged.view().allowsEverything()) {
            return Optional.of(no(
                    POLICY_IN_SYNC,
                    Reason.POLICY_EMPTY,
                    "the merged policy has neither acls nor grants. It would allow all traffic, so the operator does not"
                            + " publish it. To deny all traffic, write acls: []"));
        }
        if (current.isForeign() && input.spec().onForeignPolicy() == ForeignPolicy.REFUSE && !current.mayBeDefault()) {
            return Optional.of(foreign());
        }
        return tagInUse().or(this::objection).or(this::guards);
    }

    private Fact foreign() {
        var owner = current.markOwner()
                .map(name -> "Tailnet " + name + " (perhaps in another cluster)")
                .orElse("somebody else");
        return no(
                POLICY_IN_SYNC,
                Reason.FOREIGN_POLICY,
                "the policy in force was written by " + owner
                        + ", so the operator does not change it. Copy its rules into AclPolicies, or set"
                        + " policy.onForeignPolicy: Replace to overwrite it");
    }

    private Optional<Fact> tagInUse() {
        var inForce = current.view();
        if (inForce == null) {
            return Optional.empty();
        }
        var removed = new TreeSet<>(inForce.tags());
        removed.removeAll(merged.view().tags());
        if (removed.isEmpty()) {
            return Optional.empty();
        }
        if (input.view().usableDevices().isEmpty()) {
            return Optional.of(unknown(
                    POLICY_IN_SYNC,
                    Reason.TAILNET_NOT_READY,
                    "the merged policy has no owner for " + Abridged.list(List.copyOf(removed), NAMED)
                            + ". A node may have such a tag, and there is no current device list, so the merged policy is not"
                            + " published. See DevicesListed"));
        }
        var tags = removed.stream().filter(input.tagsInUse()::containsKey).toList();
        var inUse = Abridged.list(
                tags,
                NAMED,
                "; ",
                tag -> tag + " (on "
                        + Abridged.list(List.copyOf(input.tagsInUse().get(tag)), NAMED) + ")");
        return tags.isEmpty()
                ? Optional.empty()
                : Optional.of(no(
                        POLICY_IN_SYNC,
                        Reason.TAG_IN_USE,
                        "the merged policy has no owner for tags that managed nodes have: " + inUse
                                + ". Keep them in tagOwners, or remove the tags from the nodes first"));
    }

    /** What the control plane would answer, without asking it; where it can check for itself it is asked all the same. */
    private Optional<Fact> objection() {
        return input.spec().validation() == PolicyValidation.WARN
                ? Optional.empty()
                : foresight.objections(merged.view(), machines(), input.syntax()).stream()
                        .findFirst()
                        .map(objection -> no(
                                POLICY_IN_SYNC,
                                Reason.POLICY_REJECTED,
                                "the control plane would refuse the merged policy, so the operator does not send it: "
                                        + objection.words(merged.written())
                                        + ". The policy in force stays as it is. If the operator is wrong, set"
                                        + " policy.validation: Warn"));
    }

    private Optional<Fact> guards() {
        var guards = input.spec().guards();
        var hash = merged.view().fingerprint();
        var hasPairs = !guards.mustReach().isEmpty() || !guards.mustNotReach().isEmpty();
        if (hash.equals(input.notes().approved()) || !(hasPairs || countsLosses(hash))) {
            return Optional.empty();
        }
        var machines = machines();
        if (machines.isEmpty()) {
            return Optional.of(unknown(
                    POLICY_IN_SYNC,
                    Reason.TAILNET_NOT_READY,
                    "there is no current device list, so policy.guards cannot be checked, and the merged policy is not"
                            + " published. Wait until DevicesListed is True. To publish it unchecked, run:"
                            + approval(hash)));
        }
        var violations = new ArrayList<>(foresight.violations(merged.view(), guards, machines.get(), syntax()));
        if (countsLosses(hash)) {
            tooManyLosses(machines.get()).ifPresent(violations::add);
        }
        return violations.isEmpty() ? Optional.empty() : Optional.of(held(violations, approval(hash)));
    }

    /** The reasons are cut where there is no room for them: a command that is cut would be of no use. */
    private static Fact held(List<String> violations, String approval) {
        var reasons = Abridged.text(String.join("; ", violations), MESSAGE - approval.length());
        return no(
                POLICY_IN_SYNC,
                Reason.HELD_BY_GUARD,
                "policy.guards hold back the merged policy: " + reasons + ". Change the policy, or approve it:"
                        + approval);
    }

    /**
     * Not where rules are only added: then nothing need be known. Not where nothing of ours is in force: a tailnet that begins with rules loses most of "everything for everybody". Nor
     * when what was published last is put back: what is lost then is what somebody else gave.
     */
    private boolean countsLosses(String hash) {
        return input.spec().guards().maxRemovedEdgesRatio() < 100
                && current.isOurs()
                && !hash.equals(input.notes().published())
                && Optional.ofNullable(current.view())
                        .filter(before -> !merged.view().keepsRulesOf(before))
                        .isPresent();
    }

    private Optional<String> tooManyLosses(Machines machines) {
        int ratio = input.spec().guards().maxRemovedEdgesRatio();
        var guard = "maxRemovedEdgesRatio (" + ratio + "%): ";
        var outlook = Optional.ofNullable(current.view())
                .flatMap(before -> foresight.outlook(before, merged.view(), machines, syntax()));
        return outlook.isEmpty()
                ? Optional.of(guard
                        + Optional.ofNullable(current.view())
                                .flatMap(before -> PolicyOutlook.tooMuch(before, merged.view(), machines.topology()))
                                .map(why -> "the operator does not compute how much access would be lost: " + why)
                                .orElse(
                                        "the operator failed to compute how much access would be lost. Report the error that is in"
                                                + " its log"))
                : outlook.filter(known -> known.counts().losesMoreThan(ratio))
                        .map(known -> guard + known.counts().lostPercent()
                                + "% of the connections that are allowed now would be lost: " + known.losses());
    }

    private String approval(String hash) {
        return " kubectl annotate tailnets." + ApiGroup.GROUP + " "
                + input.tailnet().name() + " --namespace " + input.tailnet().namespace() + " --overwrite "
                + ApiGroup.APPROVE_ANNOTATION + "=" + hash;
    }

    private Optional<Machines> machines() {
        return input.view().usableDevices().map(foresight::machines);
    }

    /** Nothing is published before it is known. */
    private PolicySyntax syntax() {
        return input.syntax().orElseThrow();
    }
}
