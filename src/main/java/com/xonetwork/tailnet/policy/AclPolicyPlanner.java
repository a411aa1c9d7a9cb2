package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.status.ConditionType.ACCEPTED;
import static com.xonetwork.tailnet.status.ConditionType.PUBLISHED;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.api.v1alpha1.PolicyImpact;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.policy.Fragments.Read;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What is to be said of one AclPolicy: its own form, and what its Tailnet made of it. */
@Pure
final class AclPolicyPlanner {

    private static final String NOT_ACCEPTED =
            "this AclPolicy is not published, because it is not accepted. See Accepted";

    private AclPolicyPlanner() {}

    static AclPolicyPlan plan(AclPolicyInput input) {
        var policy = input.policy();
        var tailnet = input.tailnet();
        // What answers at a URL of the user's own, the Tailnet knows; it judges again what comes to it.
        var syntax = Optional.ofNullable(tailnet)
                .flatMap(there -> TailnetSyntax.of(there.getSpec(), Set.of()))
                .orElseGet(TailnetSyntax::loosest);
        return switch (Fragments.read(policy, syntax)) {
            case Read.Unusable unusable -> {
                var message = unusable.message() + ". The policy in force stays as it is until this is corrected";
                yield new AclPolicyPlan(
                        List.of(no(ACCEPTED, Reason.INVALID, message), no(PUBLISHED, Reason.INVALID, NOT_ACCEPTED)),
                        List.of(),
                        null,
                        false);
            }
            case Read.Usable usable -> {
                var sections = new TreeSet<String>();
                usable.fragment().content().fieldNames().forEachRemaining(sections::add);
                yield new AclPolicyPlan(
                        tailnet == null ? withoutTailnet(policy) : withTailnet(policy, tailnet),
                        List.copyOf(sections),
                        tailnet == null ? null : impact(policy, tailnet),
                        true);
            }
        };
    }

    private static List<Fact> withoutTailnet(AclPolicy policy) {
        var message = "there is no Tailnet " + policy.getSpec().tailnetRef().name()
                + " in this namespace: create it, or correct tailnetRef";
        return List.of(
                unknown(ACCEPTED, Reason.TAILNET_NOT_FOUND, message),
                unknown(PUBLISHED, Reason.TAILNET_NOT_FOUND, message));
    }

    private static List<Fact> withTailnet(AclPolicy policy, Tailnet tailnet) {
        return ofThisGeneration(policy, tailnet)
                .map(fragment -> fromMerge(policy, fragment))
                .orElseGet(() -> notMerged(tailnet));
    }

    private static Optional<PolicyFragmentStatus> ofThisGeneration(AclPolicy policy, Tailnet tailnet) {
        return Optional.ofNullable(tailnet.getStatus())
                .flatMap(status -> Optional.ofNullable(status.policy()))
                .flatMap(merged -> merged.fragments().stream()
                        .filter(fragment ->
                                fragment.name().equals(policy.getMetadata().getName()))
                        .findFirst())
                .filter(fragment ->
                        fragment.generation() == policy.getMetadata().getGeneration());
    }

    /** Enforced ones are published together, so what one would change is what they all would. */
    private static @Nullable PolicyImpact impact(AclPolicy policy, Tailnet tailnet) {
        return ofThisGeneration(policy, tailnet)
                .flatMap(fragment -> policy.getSpec().mode() == Mode.ENFORCE && !isRefused(fragment)
                        ? Optional.ofNullable(tailnet.getStatus().policy()).map(TailnetPolicyStatus::impact)
                        : Optional.ofNullable(fragment.impact()))
                .orElse(null);
    }

    private static boolean isRefused(PolicyFragmentStatus fragment) {
        return fragment.state() == State.INVALID || fragment.state() == State.CONFLICT;
    }

    private static List<Fact> notMerged(Tailnet tailnet) {
        var name = tailnet.getMetadata().getName();
        var stalled = Optional.ofNullable(tailnet.getStatus())
                .flatMap(status -> Conditions.find(status.conditions(), ConditionType.STALLED))
                .filter(condition -> Condition.TRUE.equals(condition.status()));
        var reason = stalled.isPresent() ? Reason.HELD : Reason.PENDING;
        var message = stalled.map(condition -> "Tailnet " + name + " is stalled: " + condition.message())
                .orElse("Tailnet " + name + " has not merged this AclPolicy yet");
        return List.of(unknown(ACCEPTED, reason, message), unknown(PUBLISHED, reason, message));
    }

    private static List<Fact> fromMerge(AclPolicy policy, PolicyFragmentStatus fragment) {
        var why = Optional.ofNullable(fragment.message()).orElse("");
        var accepted = yes(ACCEPTED, Reason.ACCEPTED, "the AclPolicy is valid and conflicts with no other");
        return switch (fragment.state()) {
            case PUBLISHED ->
                List.of(accepted, yes(PUBLISHED, Reason.PUBLISHED, "this AclPolicy is part of the policy in force"));
            case PENDING -> List.of(accepted, no(PUBLISHED, Reason.PENDING, why));
            case HELD -> List.of(accepted, no(PUBLISHED, Reason.HELD, why));
            case UNKNOWN -> List.of(accepted, unknown(PUBLISHED, Reason.TAILNET_NOT_READY, why));
            case OBSERVED ->
                List.of(
                        accepted,
                        no(
                                PUBLISHED,
                                Reason.OBSERVED,
                                why.isEmpty()
                                        ? "mode is Observe, so this AclPolicy is checked and not published"
                                        : why));
            case INVALID -> List.of(no(ACCEPTED, Reason.INVALID, why), no(PUBLISHED, Reason.INVALID, NOT_ACCEPTED));
            case CONFLICT -> List.of(no(ACCEPTED, Reason.CONFLICT, why), no(PUBLISHED, Reason.CONFLICT, NOT_ACCEPTED));
        };
    }
}
