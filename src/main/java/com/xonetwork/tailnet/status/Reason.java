package com.xonetwork.tailnet.status;

import com.xonetwork.tailnet.api.v1alpha1.ConstantWords;
import com.xonetwork.tailnet.pure.Pure;

/**
 * The reasons that conditions give: one word each, fit for scripts, part of the API. What a reason says about the whole
 * resource (is it done, does it wait for a human?) is fixed here, so that {@code Ready}, {@code Reconciling} and
 * {@code Stalled} cannot disagree with the fact they come from.
 */
@Pure
public enum Reason {
    // Everything as wanted
    READY(Outcome.FINE),
    VALID(Outcome.FINE),
    REACHABLE(Outcome.FINE),
    IN_SYNC(Outcome.FINE),
    /** Nobody asked for this; it is left alone. */
    NOT_MANAGED(Outcome.FINE),
    JOINED(Outcome.FINE),
    CONNECTED(Outcome.FINE),
    APPROVED(Outcome.FINE),
    EXPIRY_DISABLED(Outcome.FINE),
    EXPIRES_SOON(Outcome.FINE),
    /** A join key waits for its machine. */
    KEY_ISSUED(Outcome.FINE),
    ACCEPTED(Outcome.FINE),
    PUBLISHED(Outcome.FINE),
    OBSERVED(Outcome.FINE),
    IMPORTED(Outcome.FINE),
    ADVERTISED(Outcome.FINE),
    SERVING(Outcome.FINE),
    /** It works, but not all of it: a standby is missing. */
    DEGRADED(Outcome.FINE),
    COLLECTING(Outcome.FINE),
    /** Garbage collection only says what it would do. */
    DRY_RUN(Outcome.FINE),
    /** There is no AclPolicy, so the policy file is not touched. */
    NO_POLICIES(Outcome.FINE),
    DONE(Outcome.FINE),
    /** Every machine of a run is as wanted. */
    SUCCEEDED(Outcome.FINE),
    /** No guard of a HealPolicy is active. */
    ALLOWED(Outcome.FINE),
    NO_STORM(Outcome.FINE),
    /** The operator's clock and the control plane's differ; what depends on them is corrected or held. */
    CLOCK_SKEW(Outcome.FINE),
    /** The control plane does not tell its time. */
    CLOCK_NOT_COMPARED(Outcome.FINE),
    HEALTHY(Outcome.FINE),

    // Not as wanted, but nothing to do for the operator or the user's spec
    OFFLINE(Outcome.NOT_READY),
    KEY_EXPIRED(Outcome.NOT_READY),
    DEVICE_NOT_FOUND(Outcome.NOT_READY),
    WAITING_FOR_APPROVAL(Outcome.NOT_READY),
    NODE_NOT_FOUND(Outcome.NOT_READY),
    NOT_ADVERTISED(Outcome.NOT_READY),
    NOT_APPROVED(Outcome.NOT_READY),
    NOT_SERVING(Outcome.NOT_READY),
    IP_FORWARDING_OFF(Outcome.NOT_READY),
    NO_HEALTHY_CANDIDATE(Outcome.NOT_READY),
    /** Observe mode: it differs and is left so. */
    DIFFERS(Outcome.NOT_READY),
    /** A run waits for a human, as its template wants it to. */
    AWAITING_APPROVAL(Outcome.NOT_READY),
    /** What would be changed on a machine is known, and a human decides. */
    ADOPTION_PLANNED(Outcome.NOT_READY),
    UNHEALTHY(Outcome.NOT_READY),
    /** More nodes are unhealthy at once than a HealPolicy allows: nothing is done. */
    STORM_ACTIVE(Outcome.NOT_READY),
    /** Something that several failed nodes share is suspected: they are left alone. */
    COMMON_CAUSE(Outcome.NOT_READY),

    // Under way; goes on by itself
    PROGRESSING(Outcome.PROGRESSING),
    NOT_LISTED_YET(Outcome.PROGRESSING),
    POLICY_NOT_READ_YET(Outcome.PROGRESSING),
    CONTROL_PLANE_UNAVAILABLE(Outcome.PROGRESSING),
    RATE_LIMITED(Outcome.PROGRESSING),
    POLICY_CHANGED_MEANWHILE(Outcome.PROGRESSING),
    /** The choice is not healthy, and has not stood long enough to change again. */
    DWELLING(Outcome.PROGRESSING),
    /** Larger than the operator has memory for: refused whole. */
    DEVICE_LIST_TOO_LARGE(Outcome.STALLED),
    /** A list that lost most devices at once is not believed until it repeats. */
    SUSPECT_DEVICE_LIST(Outcome.PROGRESSING),
    SNAPSHOT_STALE(Outcome.PROGRESSING),
    TAILNET_NOT_READY(Outcome.PROGRESSING),
    /** The API server did not take a TailnetNode: a quota, an admission rule, missing rights. */
    IMPORT_FAILED(Outcome.PROGRESSING),
    /** The API server did not take the Secret of a join key. */
    SECRET_NOT_WRITTEN(Outcome.PROGRESSING),
    PENDING(Outcome.PROGRESSING),
    /** The operator's cache has an older form of a run's template than the run was ordered with. */
    TEMPLATE_NOT_READ_YET(Outcome.PROGRESSING),
    RUNNING(Outcome.PROGRESSING),
    /** The API server did not take a run's Job, Secret or NetworkPolicy: a quota, an admission rule, missing rights. */
    START_REFUSED(Outcome.PROGRESSING),
    /** Another run has one of its machines, its template's only place, or the last of all places. */
    QUEUED(Outcome.PROGRESSING),
    RETRYING(Outcome.PROGRESSING),
    CANCELLING(Outcome.PROGRESSING),
    /** Remedies are under way, or follow. */
    HEALING(Outcome.PROGRESSING),

    // Waits for a human
    /** The clocks differ by more than a join key lives: none is made. */
    CLOCK_TOO_FAR_OFF(Outcome.STALLED),
    SUSPENDED(Outcome.STALLED),
    SECRET_NOT_FOUND(Outcome.STALLED),
    SECRET_KEY_MISSING(Outcome.STALLED),
    SECRET_TAKEN(Outcome.STALLED),
    /** The operator was not told where machines reach it. */
    BOOTSTRAP_URL_MISSING(Outcome.STALLED),
    CA_BUNDLE_NOT_FOUND(Outcome.STALLED),
    URL_REFUSED(Outcome.STALLED),
    UNAUTHORIZED(Outcome.STALLED),
    FORBIDDEN(Outcome.STALLED),
    TAILNET_NOT_FOUND(Outcome.STALLED),
    DUPLICATE_TAILNET(Outcome.STALLED),
    DUPLICATE_NODE(Outcome.STALLED),
    AMBIGUOUS(Outcome.STALLED),
    TAG_NOT_OWNED(Outcome.STALLED),
    /** Somebody else keeps changing it back; it is not written any more. */
    CONTESTED(Outcome.STALLED),
    REJECTED(Outcome.STALLED),
    NOT_SUPPORTED_BY_CONTROL_PLANE(Outcome.STALLED),
    INVALID(Outcome.STALLED),
    CONFLICT(Outcome.STALLED),
    FRAGMENT_NOT_ACCEPTED(Outcome.STALLED),
    FOREIGN_POLICY(Outcome.STALLED),
    POLICY_EMPTY(Outcome.STALLED),
    POLICY_REJECTED(Outcome.STALLED),
    /** Publishing would take away the owner of a tag that a managed node carries. */
    TAG_IN_USE(Outcome.STALLED),
    /** A guard of the Tailnet objects, and nobody has approved. */
    HELD_BY_GUARD(Outcome.STALLED),
    /** An AclPolicy is accepted, but its Tailnet's publication waits for a human. */
    HELD(Outcome.STALLED),
    /** More imported nodes would go at once than the guard allows. */
    REMOVAL_HELD(Outcome.STALLED),
    /** More devices would be collected than the guard allows. */
    COLLECTION_HELD(Outcome.STALLED),
    TEMPLATE_NOT_FOUND(Outcome.STALLED),
    SOURCE_NOT_FOUND(Outcome.STALLED),
    /** A run's machines are not there, or nothing tells where to find them. */
    TARGETS_NOT_FOUND(Outcome.STALLED),
    INVALID_PARAMETERS(Outcome.STALLED),
    /** SSH host keys that a run believed on first contact are not recorded, so the next run would believe any key again. */
    HOST_KEYS_NOT_RECORDED(Outcome.STALLED),
    /** A run says where or how a machine is reached, and its template does not let it. */
    TARGET_OVERRIDE_NOT_ALLOWED(Outcome.STALLED),
    /** A template that hands a join key to a machine is run by the operator alone. */
    RESERVED_FOR_OPERATOR(Outcome.STALLED),
    /** A task failed on some machines, or on all of them. */
    HOSTS_FAILED(Outcome.STALLED),
    NO_HOSTS_MATCHED(Outcome.STALLED),
    HOSTS_UNREACHABLE(Outcome.STALLED),
    TIMED_OUT(Outcome.STALLED),
    CANCELLED(Outcome.STALLED),
    APPROVAL_DENIED(Outcome.STALLED),
    APPROVAL_EXPIRED(Outcome.STALLED),
    /** The runner itself failed, so it is not known how every machine ended. */
    RUNNER_FAILED(Outcome.STALLED),
    /** No container of a run's pod began: the pod was refused, not scheduled, or its image not pulled. */
    NOT_STARTED(Outcome.STALLED),
    /** What a run is to do does not fit into one Secret. */
    RUN_TOO_LARGE(Outcome.STALLED),
    /** A run's Job is gone, and nothing tells how it ended. */
    JOB_LOST(Outcome.STALLED),
    /** All remedies of a HealPolicy were in vain, or a human decided against the next. */
    RETRIES_EXHAUSTED(Outcome.STALLED);

    /** What a reason means for the resource as a whole. */
    public enum Outcome {
        FINE,
        NOT_READY,
        PROGRESSING,
        STALLED
    }

    private final Outcome outcome;
    private final String word;

    Reason(Outcome outcome) {
        this.outcome = outcome;
        this.word = ConstantWords.camelCase(this);
    }

    public Outcome outcome() {
        return outcome;
    }

    /** As conditions show it: {@code TagNotOwned}. */
    @Override
    public String toString() {
        return word;
    }
}
