package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.ForeignPolicy;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import com.xonetwork.tailnet.policy.PolicyPlan.Publication;
import com.xonetwork.tailnet.policy.document.PolicyMark;
import com.xonetwork.tailnet.policy.document.PolicyRenderer;
import com.xonetwork.tailnet.policy.document.PolicySyntaxException;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.Reason;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether and what a Tailnet publishes. Pure. The brakes stand here: without an AclPolicy nothing is written; a
 * policy that would allow everything, would take the owner of a tag in use, or would replace somebody else's file is held
 * back; and as long as one fragment cannot be used, the policy in force stays as it is rather than losing that fragment's
 * rules.
 */
public final class PolicyPlanner {

    /** The Tailnet's condition type. */
    public static final String POLICY_IN_SYNC = "PolicyInSync";

    private PolicyPlanner() {}

    public static PolicyPlan plan(PolicyInput input) {
        if (input.policies().isEmpty()) {
            return new PolicyPlan(
                    yes(POLICY_IN_SYNC, Reason.NO_POLICIES, "there is no AclPolicy: the policy file is not touched"),
                    null,
                    Optional.empty(),
                    false);
        }
        return new Planning(input, MergedFragments.of(input.policies(), input.approvers())).plan();
    }

    /** One planning, with what is derived from the input. */
    private static final class Planning {
        private final PolicyInput input;
        private final MergedFragments merged;
        private final @Nullable PolicyDocument current;
        private final @Nullable PolicyView currentView;

        Planning(PolicyInput input, MergedFragments merged) {
            this.input = input;
            this.merged = merged;
            this.current = input.view().policy();
            this.currentView = current == null ? null : viewOf(current);
        }

        PolicyPlan plan() {
            return whyNotNow().map(this::said).orElseGet(this::compare);
        }

        /** What keeps us from even comparing. */
        private Optional<Fact> whyNotNow() {
            if (!merged.hasEnforced()) {
                return Optional.of(yes(
                        POLICY_IN_SYNC,
                        Reason.NO_POLICIES,
                        "no AclPolicy has mode Enforce: the policy file is not touched"));
            }
            if (merged.firstUnusable().isPresent()) {
                return Optional.of(no(
                        POLICY_IN_SYNC,
                        Reason.FRAGMENT_NOT_ACCEPTED,
                        "the policy in force stays as it is until every AclPolicy is accepted: "
                                + merged.firstUnusable().get()));
            }
            var view = input.view();
            if (view.capabilities().isEmpty()) {
                return Optional.of(unknown(
                        POLICY_IN_SYNC,
                        Reason.TAILNET_NOT_READY,
                        "the control plane was not reached yet; see Reachable and CredentialsValid"));
            }
            if (!view.can(Capability.POLICY)) {
                return Optional.of(no(
                        POLICY_IN_SYNC,
                        Reason.NOT_SUPPORTED_BY_CONTROL_PLANE,
                        "this control plane lacks " + Capability.POLICY));
            }
            if (view.policyTrouble() != null) {
                return Optional.of(unknown(
                        POLICY_IN_SYNC,
                        Failures.reason(view.policyTrouble()),
                        "the policy in force cannot be read: " + Failures.message(view.policyTrouble())));
            }
            if (!view.policyRead()) {
                return Optional.of(
                        unknown(POLICY_IN_SYNC, Reason.POLICY_NOT_READ_YET, "the policy in force was not read yet"));
            }
            return input.approvers().isPresent()
                    ? Optional.empty()
                    : Optional.of(unknown(
                            POLICY_IN_SYNC,
                            Reason.TAILNET_NOT_READY,
                            "the auto-approvers of SubnetRoutes and ExitNodes depend on the devices' tags, and the devices"
                                    + " are not known"));
        }

        private PolicyPlan compare() {
            if (currentView != null && currentView.sameAs(merged.view())) {
                return inForce();
            }
            if (input.spec().mode() == Mode.OBSERVE) {
                return said(no(
                        POLICY_IN_SYNC,
                        Reason.DIFFERS,
                        "the policy in force differs from the merged AclPolicies " + where()
                                + "; policy.mode is Observe, so it is left so"));
            }
            return brake().map(this::said).orElseGet(this::publish);
        }

        private Optional<Fact> brake() {
            if (merged.view().allowsEverything()) {
                return Optional.of(no(
                        POLICY_IN_SYNC,
                        Reason.POLICY_EMPTY,
                        "the merged policy has neither acls nor grants, which would allow everything; write acls: [] to allow"
                                + " nothing"));
            }
            if (isForeign() && input.spec().onForeignPolicy() == ForeignPolicy.REFUSE && !mayBeDefault()) {
                return Optional.of(foreign());
            }
            return tagInUse();
        }

        /**
         * Somebody else's: marked by another, or not marked by us and not taken over before; and not nothing. Another's mark
         * counts more than our having owned the policy: two that own it would overwrite each other for ever.
         */
        private boolean isForeign() {
            var isBlank = currentView != null && currentView.isBlank();
            return current != null
                    && !isBlank
                    && (isMarkedByAnother() || (!input.owned() && markOwner().isEmpty()));
        }

        private boolean isMarkedByAnother() {
            return markOwner()
                    .filter(owner -> !owner.equals(input.tailnet().toString()))
                    .isPresent();
        }

        /** The Tailnet that the policy in force says it is published by. */
        private Optional<String> markOwner() {
            return current == null ? Optional.empty() : PolicyMark.ownerIn(current.text());
        }

        /**
         * The service's own default cannot be told from a foreign policy by reading. Where the service compares for us, it is
         * asked to replace its default and nothing else; its refusal is the proof.
         */
        private boolean mayBeDefault() {
            return input.view().can(Capability.POLICY_ATOMIC_WRITE)
                    && markOwner().isEmpty()
                    && !(input.failed() != null
                            && input.failed().precondition() instanceof PolicyPrecondition.NeverSet
                            && input.failed().failure() instanceof ControlPlaneException.Conflict);
        }

        private Fact foreign() {
            var owner = markOwner()
                    .map(name -> "Tailnet " + name + " (perhaps in another cluster)")
                    .orElse("somebody else");
            return no(
                    POLICY_IN_SYNC,
                    Reason.FOREIGN_POLICY,
                    "the policy in force was written by " + owner
                            + " and is left alone; take its rules over into AclPolicies, or set policy.onForeignPolicy: Replace"
                            + " to overwrite it");
        }

        private Optional<Fact> tagInUse() {
            if (currentView == null) {
                return Optional.empty();
            }
            var removed = new TreeSet<>(currentView.tags());
            removed.removeAll(merged.view().tags());
            if (removed.isEmpty()) {
                return Optional.empty();
            }
            if (input.view().usableDevices().isEmpty()) {
                return Optional.of(unknown(
                        POLICY_IN_SYNC,
                        Reason.TAILNET_NOT_READY,
                        "the merged policy drops the owners of " + removed
                                + "; whether a node carries one is not known while the device list is not"));
            }
            var inUse = removed.stream()
                    .filter(input.tagsInUse()::containsKey)
                    .map(tag ->
                            tag + " (on " + String.join(", ", input.tagsInUse().get(tag)) + ")")
                    .collect(Collectors.joining("; "));
            return inUse.isEmpty()
                    ? Optional.empty()
                    : Optional.of(no(
                            POLICY_IN_SYNC,
                            Reason.TAG_IN_USE,
                            "the merged policy has no owner for tags that managed nodes carry: " + inUse
                                    + ". Keep them in tagOwners, or take the tags from the nodes first"));
        }

        private PolicyPlan publish() {
            var publication = new Publication(
                    PolicyRenderer.render(
                            merged.view().policy(),
                            List.of(PolicyMark.line(
                                    input.tailnet().namespace(), input.tailnet().name()))),
                    precondition(),
                    merged.view().fingerprint());
            var failed = input.failed();
            if (failed != null && failed.isOf(publication)) {
                return said(failure(failed.failure()));
            }
            var pending = no(
                    POLICY_IN_SYNC,
                    Reason.PENDING,
                    "the merged policy is to be published (it differs " + where() + ")");
            return new PolicyPlan(
                    pending, merged.status(State.PENDING, null, inForceHash()), Optional.of(publication), false);
        }

        private PolicyPrecondition precondition() {
            if (current == null || (isForeign() && input.spec().onForeignPolicy() == ForeignPolicy.REFUSE)) {
                return new PolicyPrecondition.NeverSet();
            }
            return new PolicyPrecondition.Matches(current.etag());
        }

        private static Fact failure(ControlPlaneException failure) {
            return failure instanceof ControlPlaneException.Rejected
                    ? no(
                            POLICY_IN_SYNC,
                            Reason.POLICY_REJECTED,
                            "the control plane refuses the merged policy: " + Failures.message(failure)
                                    + ". The policy in force stays as it is")
                    : no(POLICY_IN_SYNC, Failures.reason(failure), Failures.message(failure));
        }

        private PolicyPlan inForce() {
            var status = merged.status(State.PUBLISHED, null, inForceHash());
            // What is enforced and in force is this Tailnet's: what differs later is drift. Unless another one marked
            // it. Its own mark alone is not enough, as the next hand edit may lose it.
            var takesOver = input.spec().mode() == Mode.ENFORCE && !input.owned() && !isMarkedByAnother();
            return new PolicyPlan(
                    yes(POLICY_IN_SYNC, Reason.IN_SYNC, "the merged policy is in force"),
                    status,
                    Optional.empty(),
                    takesOver);
        }

        private PolicyPlan said(Fact fact) {
            var status = merged.status(stateOf(fact), fact.message(), inForceHash());
            return new PolicyPlan(fact, status, Optional.empty(), false);
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

        private @Nullable String inForceHash() {
            return currentView == null ? null : currentView.fingerprint();
        }

        private String where() {
            if (currentView == null) {
                return current == null ? "(no policy was ever set)" : "(the policy in force cannot be parsed)";
            }
            var sections = new TreeSet<String>();
            currentView.policy().fieldNames().forEachRemaining(sections::add);
            merged.view().policy().fieldNames().forEachRemaining(sections::add);
            sections.removeIf(section -> Objects.equals(
                    currentView.policy().get(section), merged.view().policy().get(section)));
            return "in " + String.join(", ", sections);
        }

        private static @Nullable PolicyView viewOf(PolicyDocument document) {
            try {
                return PolicyView.of(document.text());
            } catch (PolicySyntaxException e) {
                return null;
            }
        }
    }
}
