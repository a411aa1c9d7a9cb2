package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.api.v1alpha1.PolicyImpact;
import com.xonetwork.tailnet.api.v1alpha1.PolicyValidation;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicyStatus;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.document.RestingWrite;
import com.xonetwork.tailnet.policy.MergedFragments.Impacts;
import com.xonetwork.tailnet.policy.PolicyForesight.Machines;
import com.xonetwork.tailnet.policy.PolicyOutlook.Difference;
import com.xonetwork.tailnet.policy.PolicyPlan.Publication;
import com.xonetwork.tailnet.policy.document.PolicyMark;
import com.xonetwork.tailnet.policy.document.PolicyRenderer;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether and what a Tailnet publishes. Without an AclPolicy nothing is written; {@link PublishGuards} hold
 * back what should not be; and as long as one fragment cannot be used, the policy in force stays as it is rather than losing that fragment's
 * rules.
 */
@Pure
public final class PolicyPlanner {

    /** So many observed fragments are compared with what is in force, in the order of the merge. */
    private static final int OBSERVED = 10;

    private PolicyPlanner() {}

    public static PolicyPlan plan(PolicyInput input) {
        return new Planning(input, MergedFragments.of(input.policies(), input.contributions(), input.syntax())).plan();
    }

    /** One planning, with what is derived from the input. */
    private static final class Planning {
        private final PolicyInput input;
        private final MergedFragments merged;
        private final PolicyForesight foresight;
        private final PolicyInForce current;
        private final PolicyRefusals refusals;

        Planning(PolicyInput input, MergedFragments merged) {
            this.input = input;
            this.merged = merged;
            foresight = input.foresight();
            current = new PolicyInForce(input, merged.said());
            refusals = new PolicyRefusals(input, merged);
        }

        PolicyPlan plan() {
            if (input.policies().isEmpty()) {
                return planned(
                        yes(
                                ConditionType.POLICY_IN_SYNC,
                                Reason.NO_POLICIES,
                                "no AclPolicy names this Tailnet, so the operator does not change the policy file"),
                        null,
                        Optional.empty(),
                        false);
            }
            return whyNotNow().map(fact -> said(fact, false)).orElseGet(this::compare);
        }

        /** What keeps us from even comparing. */
        private Optional<Fact> whyNotNow() {
            if (!merged.hasEnforced()) {
                return Optional.of(yes(
                        ConditionType.POLICY_IN_SYNC,
                        Reason.NO_POLICIES,
                        "no AclPolicy has mode Enforce, so the operator does not change the policy file"));
            }
            if (merged.firstUnusable().isPresent()) {
                return Optional.of(no(
                        ConditionType.POLICY_IN_SYNC,
                        Reason.FRAGMENT_NOT_ACCEPTED,
                        "the policy in force stays as it is until every AclPolicy is accepted: "
                                + merged.firstUnusable().get()));
            }
            if (merged.firstLeftOut().isPresent()) {
                return Optional.of(no(
                        ConditionType.POLICY_IN_SYNC,
                        Reason.FRAGMENT_NOT_ACCEPTED,
                        "the policy in force stays as it is until an AclPolicy is corrected: "
                                + merged.firstLeftOut().get().getValue().message()));
            }
            var view = input.view();
            if (view.capabilities().isEmpty()) {
                return Optional.of(unknown(
                        ConditionType.POLICY_IN_SYNC,
                        Reason.TAILNET_NOT_READY,
                        "the control plane has not been reached yet; see Reachable and CredentialsValid"));
            }
            if (!view.can(Capability.POLICY)) {
                return Optional.of(no(
                        ConditionType.POLICY_IN_SYNC,
                        Reason.NOT_SUPPORTED_BY_CONTROL_PLANE,
                        "this control plane lacks " + Capability.POLICY));
            }
            var file = view.document(DocumentKind.POLICY);
            if (file.trouble() != null) {
                return Optional.of(unknown(
                        ConditionType.POLICY_IN_SYNC,
                        Failures.reason(file.trouble()),
                        "the policy in force cannot be read: " + Failures.message(file.trouble())));
            }
            if (!file.isRead()) {
                return Optional.of(unknown(
                        ConditionType.POLICY_IN_SYNC,
                        Reason.POLICY_NOT_READ_YET,
                        "the policy in force has not been read yet"));
            }
            return input.contributions().stream()
                    .flatMap(one -> one.unknown().stream())
                    .findFirst()
                    .map(why -> unknown(ConditionType.POLICY_IN_SYNC, Reason.TAILNET_NOT_READY, why));
        }

        private PolicyPlan compare() {
            if (current.means(merged.view())) {
                return inForce("");
            }
            if (input.spec().mode() == Mode.OBSERVE && current.means(merged.said())) {
                return inForce("; with policy.mode: Enforce the operator adds " + merged.additions());
            }
            if (input.spec().mode() == Mode.OBSERVE) {
                return said(
                        no(
                                ConditionType.POLICY_IN_SYNC,
                                Reason.DIFFERS,
                                "the policy in force differs from the merged AclPolicies " + where()
                                        + "; policy.mode is Observe, so nothing is published. To publish them, set policy.mode: Enforce"),
                        true);
            }
            return new PublishGuards(input, merged, current)
                    .first()
                    .map(fact -> said(fact, true))
                    .orElseGet(this::publish);
        }

        private PolicyPlan publish() {
            var publication = new Publication(
                    PolicyRenderer.render(
                            merged.view().policy(),
                            List.of(PolicyMark.line(
                                    input.tailnet().namespace(), input.tailnet().name()))),
                    current.precondition(),
                    merged.view().fingerprint());
            var failed = input.failed();
            if (failed != null && failed.isOf(publication)) {
                return failed(failed.failure(), publication);
            }
            var pending = no(
                    ConditionType.POLICY_IN_SYNC,
                    Reason.PENDING,
                    "the operator is about to publish the merged policy. It differs from the policy in force "
                            + where());
            return planned(
                    pending,
                    merged.status(State.PENDING, null, current.hash(), impacts(true), refusals.ofObserved(OBSERVED)),
                    Optional.of(publication),
                    false);
        }

        private PolicyPlan failed(ControlPlaneException failure, Publication publication) {
            if (!(failure instanceof ControlPlaneException.Rejected)) {
                return said(
                        no(ConditionType.POLICY_IN_SYNC, Failures.reason(failure), Failures.message(failure)), true);
            }
            var answer = RefusalPlaces.in(Failures.message(failure), merged.view(), publication.text());
            var fact = no(
                    ConditionType.POLICY_IN_SYNC,
                    Reason.POLICY_REJECTED,
                    "the control plane refused the merged policy: " + answer.words(merged.written())
                            + ". The policy in force stays as it is");
            var refused = new HashMap<>(refusals.ofObserved(OBSERVED));
            refused.putAll(refusals.answered(answer));
            return said(fact, true, refused);
        }

        /** @param note for whoever compares the two hashes */
        private PolicyPlan inForce(String note) {
            var status =
                    merged.status(State.PUBLISHED, null, current.hash(), impacts(false), refusals.ofObserved(OBSERVED));
            // What is enforced and in force is this Tailnet's: what differs later is drift. Unless another one marked
            // it. Its own mark alone is not enough, as the next hand edit may lose it.
            var isNoted = input.notes().owned()
                    && merged.view().fingerprint().equals(input.notes().published());
            var takesOver = input.spec().mode() == Mode.ENFORCE && !isNoted && !current.isMarkedByAnother();
            return planned(
                    yes(
                            ConditionType.POLICY_IN_SYNC,
                            Reason.IN_SYNC,
                            "the merged policy is in force" + note + warning()),
                    status,
                    Optional.empty(),
                    takesOver);
        }

        /** What would have stopped the publication if it were asked to. */
        private String warning() {
            return input.spec().validation() == PolicyValidation.WARN
                    ? foresight
                            .objections(
                                    merged.view(),
                                    input.view().usableDevices().map(foresight::machines),
                                    input.syntax())
                            .stream()
                            .findFirst()
                            .map(objection ->
                                    "; the operator's own check would refuse it, and policy.validation: Warn lets it pass: "
                                            + objection.words(merged.written()))
                            .orElse("")
                    : "";
        }

        private PolicyPlan said(Fact fact, boolean open) {
            return said(fact, open, refusals.foreseen(OBSERVED));
        }

        private PolicyPlan said(Fact fact, boolean open, Map<String, String> refused) {
            var status = merged.status(stateOf(fact), fact.message(), current.hash(), impacts(open), refused);
            return planned(fact, status, Optional.empty(), false);
        }

        private PolicyPlan planned(
                Fact fact, @Nullable TailnetPolicyStatus status, Optional<Publication> publication, boolean takesOver) {
            return new PolicyPlan(
                    fact,
                    status,
                    publication,
                    takesOver,
                    input.resting().map(RestingWrite::left),
                    outcome -> new Planning(input.after(outcome), merged).plan());
        }

        private String where() {
            return current.differencesTo(merged);
        }

        private static State stateOf(Fact fact) {
            if (Condition.UNKNOWN.equals(fact.status())) {
                return State.UNKNOWN;
            }
            return switch (fact.reason().outcome()) {
                case FINE, NOT_READY -> State.OBSERVED;
                case PROGRESSING -> State.PENDING;
                case STALLED -> State.HELD;
            };
        }

        /** What would change: for the merged policy if it is {@code open}, and for what is only observed. */
        private Impacts impacts(boolean open) {
            var view = input.view();
            var known = view.document(DocumentKind.POLICY).isKnown()
                    ? view.usableDevices().map(foresight::machines)
                    : Optional.<Machines>empty();
            var before = current.effective();
            if (known.isEmpty()
                    || before.isEmpty()
                    || input.syntax().isEmpty()
                    || merged.firstUnusable().isPresent()
                    || merged.firstLeftOut().isPresent()) {
                return Impacts.NONE;
            }
            var syntax = input.syntax().get();
            var observed = new HashMap<String, PolicyImpact>();
            merged.trials(OBSERVED)
                    .forEach((name, trial) -> foresight
                            .outlook(before.get(), trial.merged(), known.get(), syntax)
                            .ifPresent(outlook -> observed.put(name, outlook.impact())));
            var whole = open
                    ? foresight
                            .outlook(before.get(), merged.view(), known.get(), syntax)
                            .map(Difference::impact)
                    : Optional.<PolicyImpact>empty();
            return new Impacts(whole.orElse(null), observed);
        }
    }
}
