package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.ConditionType.JOIN_KEY_READY;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.inventory.NodeIndex;
import com.xonetwork.tailnet.joinkey.JoinKeyEffects;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecord;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords;
import com.xonetwork.tailnet.joinkey.JoinSecretEffects;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.machine.MachineEffects;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.snapshot.Backoff;
import com.xonetwork.tailnet.snapshot.ClockReading;
import com.xonetwork.tailnet.snapshot.PerResource;
import com.xonetwork.tailnet.snapshot.SnapshotStore;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.OwnWrite;
import com.xonetwork.tailnet.status.Reason;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands a join key out while a node's machine is not in the tailnet, and takes it back afterwards. The finalizer
 * {@link ApiGroup#JOIN_KEY_FINALIZER} is written before a key is made and goes after the last is revoked: it is all that is
 * remembered, so a node that never had a key costs nothing.
 */
final class NodeJoinEffects {

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final SnapshotStore snapshots;
    private final JoinKeyEffects keys;
    private final EventRecorder events;
    private final Clock clock;
    private final Backoff backoff;
    private final DeletionPatience patience;
    private final PerResource<Pause> pauses = new PerResource<>();
    private final PerResource<Poll> joinedIn = new PerResource<>();

    NodeJoinEffects(
            SnapshotStore snapshots,
            JoinKeyEffects keys,
            EventRecorder events,
            Clock clock,
            Duration rejectedRetry,
            DeletionPatience patience) {
        this.snapshots = snapshots;
        this.keys = keys;
        this.events = events;
        this.clock = clock;
        this.backoff = new Backoff(snapshots.steady(), rejectedRetry);
        this.patience = patience;
    }

    /** After a failure: events must not turn one refusal into a storm of calls. @param of what failed; other wishes are tried */
    private record Pause(Backoff.Rest rest, Fact fact, String of) {}

    /**
     * The last good poll that showed a node's device.
     *
     * @param epoch of the view: the polls of another connection are counted by themselves
     */
    private record Poll(long epoch, long number) {}

    /** Adds to a plan what there is to say of the join key, after doing what is to be done about it. */
    NodePlan sync(TailnetNode node, Context<TailnetNode> context, NodePlan plan) {
        var joined = plan.fact(ConditionType.JOINED);
        var keyOut = node.hasFinalizer(ApiGroup.JOIN_KEY_FINALIZER);
        var since = node.getSpec().join() == null ? null : pollsSinceJoined(node, joined, plan.view());
        var mode = context.getSecondaryResource(Tailnet.class)
                .map(tailnet -> JoinPlanner.mode(node.getSpec(), tailnet.getSpec()))
                .orElse(Mode.OBSERVE);
        var step = JoinPlanner.step(
                node.getSpec(), joined, keyOut, since, MachineEffects.keyIsWanted(node, context), mode);
        return switch (step) {
            case NOTHING -> node.getSpec().join() == null ? plan : plan.withJoin(JoinPlanner.noneOut(joined), null);
            case WAIT ->
                joined.reason() == Reason.DEVICE_NOT_FOUND
                        ? plan.withJoin(JoinPlanner.waiting(joined), null).lookingAgain(LOOK_AGAIN)
                        : plan.withJoin(JoinPlanner.waiting(joined), null);
            case SETTLE, ISSUE -> carefully(node, context, plan, step);
        };
    }

    /**
     * Null for a device that was never seen. What the status says of an earlier run, or an earlier connection showed, makes it
     * wait for some lists, and nothing else.
     */
    private @Nullable Long pollsSinceJoined(TailnetNode node, Fact joined, TailnetView view) {
        var now = new Poll(view.epoch(), view.goodPolls());
        var then = joinedIn.get(node).orElse(null);
        if (joined.isTrue() || (then == null ? wasJoined(node) : then.epoch() != now.epoch())) {
            joinedIn.put(node, now);
            then = now;
        }
        return then == null ? null : now.number() - then.number();
    }

    private static boolean wasJoined(TailnetNode node) {
        var status = node.getStatus();
        return status != null && Conditions.isTrue(status.conditions(), ConditionType.JOINED);
    }

    private NodePlan carefully(TailnetNode node, Context<TailnetNode> context, NodePlan plan, JoinPlanner.Step step) {
        var uid = node.getMetadata().getUid();
        var wish = step + " " + JoinPlanner.order(node.getSpec()) + " "
                + plan.view().epoch();
        var pause = pauses.get(uid).orElse(null);
        if (pause != null && pause.of().equals(wish)) {
            var left = backoff.left(pause.rest());
            if (left.isPresent()) {
                return plan.withJoin(pause.fact(), null).lookingAgain(left.get());
            }
        }
        var before = pause == null ? null : pause.rest();
        try {
            var done = perform(node, context, plan, step);
            pauses.forget(uid);
            return done;
        } catch (ControlPlaneException e) {
            return failed(plan, uid, wish, backoff.after(before, e), refusal(e));
        } catch (JoinKeyRecords.NameTaken e) {
            return failed(
                    plan,
                    uid,
                    wish,
                    backoff.afterRefusal(before),
                    Fact.no(JOIN_KEY_READY, Reason.SECRET_TAKEN, e.getMessage() + ": rename or delete it"));
        } catch (JoinSecretEffects.NotRecorded | KubernetesClientException e) {
            var why = e instanceof KubernetesClientException
                    ? "a call to the API server failed, for the Secret of the join key or for this node's finalizer; the"
                            + " operator will retry. If this lasts, check the operator's rights"
                    : e.getMessage() + "; the operator will retry";
            return failed(
                    plan,
                    uid,
                    wish,
                    backoff.after(before, count -> JitteredRetry.delay(count + 2)),
                    Fact.no(JOIN_KEY_READY, Reason.SECRET_NOT_WRITTEN, why));
        }
    }

    private NodePlan failed(NodePlan plan, String uid, String wish, Backoff.Rest rest, Fact fact) {
        pauses.put(uid, new Pause(rest, fact, wish));
        return plan.withJoin(fact, null).lookingAgain(backoff.left(rest).orElse(Duration.ZERO));
    }

    private static Fact refusal(ControlPlaneException failure) {
        var hint = failure instanceof ControlPlaneException.Rejected
                ? ". The policy must give the node's tags an owner that the operator's credentials may act for"
                : "";
        return Fact.no(JOIN_KEY_READY, Failures.reason(failure), Failures.message(failure) + hint);
    }

    private NodePlan perform(TailnetNode node, Context<TailnetNode> context, NodePlan plan, JoinPlanner.Step step) {
        var holder = new JoinKeyHolder(node);
        var tailnet = context.getSecondaryResource(Tailnet.class);
        var controlPlane = plan.view().controlPlane();
        if (tailnet.isEmpty() || controlPlane.isEmpty()) {
            var gone = Fact.unknown(JOIN_KEY_READY, Reason.PENDING, "there is no connection to the control plane");
            return node.getSpec().join() == null ? plan : plan.withJoin(gone, null);
        }
        if (step == JoinPlanner.Step.SETTLE) {
            settle(node, plan.view(), controlPlane.get(), context);
            return node.getSpec().join() == null
                    ? plan
                    : plan.withJoin(JoinPlanner.noneOut(plan.fact(ConditionType.JOINED)), null);
        }
        if (!plan.view().can(Capability.JOIN_KEYS)) {
            throw new ControlPlaneException.NotSupported(Capability.JOIN_KEYS);
        }
        var unfit = JoinPlanner.unfit(node.getSpec(), tailnet.get().getSpec(), plan.view());
        if (unfit.isPresent()) {
            if (node.hasFinalizer(ApiGroup.JOIN_KEY_FINALIZER)) {
                settle(node, plan.view(), controlPlane.get(), context);
            }
            return plan.withJoin(unfit.get(), null);
        }
        var skew = controlPlane.get().clockSkew().map(ClockSkew::ahead).orElse(Duration.ZERO);
        if (skew.abs().compareTo(ClockReading.TOO_FAR) > 0) {
            return plan.withJoin(tooFarOff(skew), null).lookingAgain(LOOK_AGAIN);
        }
        if (!node.hasFinalizer(ApiGroup.JOIN_KEY_FINALIZER)) {
            OwnWrite.goOnFrom(node, context.resourceOperations().addFinalizer(ApiGroup.JOIN_KEY_FINALIZER));
        }
        var order = JoinPlanner.order(node.getSpec());
        var issued = keys.issue(controlPlane.get(), place(plan.view()), holder, order);
        var status = JoinPlanner.status(holder, tailnet.get().getSpec(), node.getSpec(), issued.key());
        if (issued.isNew()) {
            events.normal(node, "JoinKeyIssued", told(holder, issued.key()));
        }
        return plan.withJoin(JoinPlanner.issued(status), status)
                .lookingAgain(Duration.between(clock.instant(), order.renewAt(issued.key())));
    }

    /** Without the exact difference, which is another at every look. */
    private static Fact tooFarOff(Duration ahead) {
        return Fact.no(
                JOIN_KEY_READY,
                Reason.CLOCK_TOO_FAR_OFF,
                "no join key is made: the operator's clock is more than an hour "
                        + (ahead.isNegative() ? "behind" : "ahead of")
                        + " the control plane's, and a key lives for an hour at most. See ClockInSync of the Tailnet");
    }

    private static String place(TailnetView view) {
        return view.settings()
                .map(settings -> settings.url() + "/" + settings.tailnet())
                .orElse("");
    }

    private static String told(JoinKeyHolder holder, JoinKeyRecord key) {
        return "Secret " + holder.secretName() + " holds join key " + key.keyId() + " until " + key.expires();
    }

    private void settle(TailnetNode node, TailnetView view, ControlPlane controlPlane, Context<TailnetNode> context) {
        keys.settle(controlPlane, place(view), new JoinKeyHolder(node));
        letGo(node, context);
    }

    private static void letGo(TailnetNode node, Context<TailnetNode> context) {
        OwnWrite.goOnFrom(node, context.resourceOperations().removeFinalizer(ApiGroup.JOIN_KEY_FINALIZER));
    }

    /**
     * Takes the key of a node back that is being deleted. That ends in time, whatever the control plane does: no key lives
     * longer than an hour.
     *
     * @return how long to wait before trying again; empty when this keeps the node no longer
     */
    Optional<Duration> release(TailnetNode node, Context<TailnetNode> context) {
        if (!node.hasFinalizer(ApiGroup.JOIN_KEY_FINALIZER)) {
            return Optional.empty();
        }
        if (context.getSecondaryResource(Tailnet.class).isEmpty()) {
            return leave(node, context, "its Tailnet does not exist any more");
        }
        try {
            var view = snapshots.view(NodeIndex.tailnetOf(node));
            var controlPlane = view.controlPlane();
            if (controlPlane.isEmpty()) {
                return patience.nextTry(node)
                        .or(() -> leave(node, context, "there is no connection to the control plane"));
            }
            settle(node, view, controlPlane.get(), context);
            return Optional.empty();
        } catch (ControlPlaneException e) {
            return patience.nextTry(node, e).or(() -> leave(node, context, String.valueOf(e.getMessage())));
        } catch (KubernetesClientException e) {
            return patience.nextTry(node).or(() -> leave(node, context, "its Secret could not be read or deleted"));
        }
    }

    private Optional<Duration> leave(TailnetNode node, Context<TailnetNode> context, String why) {
        events.warning(
                node,
                "JoinKeyLeftBehind",
                "the operator could not revoke the join keys of this node: " + why
                        + ". They expire within an hour. To end them now, revoke them at the control plane");
        letGo(node, context);
        return Optional.empty();
    }

    void forget(TailnetNode node) {
        var uid = node.getMetadata().getUid();
        pauses.forget(uid);
        joinedIn.forget(uid);
        keys.forget(uid);
    }
}
