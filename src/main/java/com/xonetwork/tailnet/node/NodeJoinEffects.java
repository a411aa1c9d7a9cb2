package com.xonetwork.tailnet.node;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.joinkey.JoinKeyEffects;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecord;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords;
import com.xonetwork.tailnet.joinkey.JoinSecretEffects;
import com.xonetwork.tailnet.kube.JitteredRetry;
import com.xonetwork.tailnet.node.DeletionPlan.Part;
import com.xonetwork.tailnet.node.NodeMemory.FailedKey;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.snapshot.Backoff;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.OwnWrite;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Hands a join key out while a node's machine is not in the tailnet, and takes it back afterwards. The finalizer
 * {@link ApiGroup#JOIN_KEY_FINALIZER} is written before a key is made and goes after the last is revoked: it is all that is
 * remembered, so a node that never had a key costs nothing.
 */
final class NodeJoinEffects {

    private final JoinKeyEffects keys;
    private final EventRecorder events;
    private final NodeMemory memory;
    private final DeletionPatience patience;

    NodeJoinEffects(JoinKeyEffects keys, EventRecorder events, NodeMemory memory, DeletionPatience patience) {
        this.keys = keys;
        this.events = events;
        this.memory = memory;
        this.patience = patience;
    }

    /** Does what the plan says. */
    JoinOutcome perform(TailnetNode node, Context<TailnetNode> context, JoinPlan plan) {
        if (plan.joinedIn() != null) {
            memory.joinedIn(node, plan.joinedIn());
        }
        return switch (plan.work()) {
            case JoinPlan.Rest rest -> {
                if (rest.isTry()) {
                    memory.failedKeys().forget(node);
                }
                yield new JoinOutcome.Done();
            }
            case JoinPlan.Refuse refuse ->
                carefully(node, refuse.wish(), () -> {
                    throw refuse.why();
                });
            case JoinPlan.Settle settle ->
                carefully(node, settle.wish(), () -> {
                    settle(node, settle.place(), controlPlane(plan.view()), context);
                    return new JoinOutcome.Done();
                });
            case JoinPlan.Issue issue ->
                carefully(node, issue.wish(), () -> issue(node, context, issue, controlPlane(plan.view())));
        };
    }

    private static ControlPlane controlPlane(TailnetView view) {
        return view.controlPlane().orElseThrow(ControlPlaneException.ConnectionEnded::new);
    }

    private JoinOutcome carefully(TailnetNode node, String wish, Supplier<JoinOutcome> work) {
        var before = memory.failedKeys().get(node).map(FailedKey::rest).orElse(null);
        var backoff = memory.backoff();
        try {
            var done = work.get();
            memory.failedKeys().forget(node);
            return done;
        } catch (ControlPlaneException e) {
            return failed(node, wish, backoff.after(before, e), JoinPlanner.refused(e));
        } catch (JoinKeyRecords.NameTaken e) {
            return failed(node, wish, backoff.afterRefusal(before), JoinPlanner.secretTaken(e.getMessage()));
        } catch (JoinSecretEffects.NotRecorded | KubernetesClientException e) {
            return failed(
                    node,
                    wish,
                    backoff.after(before, count -> JitteredRetry.delay(count + 2)),
                    e instanceof KubernetesClientException
                            ? JoinPlanner.callFailed()
                            : JoinPlanner.notWritten(e.getMessage()));
        }
    }

    private JoinOutcome failed(TailnetNode node, String wish, Backoff.Rest rest, Fact fact) {
        memory.failedKeys().put(node, new FailedKey(rest, fact, wish));
        return new JoinOutcome.Failed(fact, memory.backoff().left(rest).orElse(Duration.ZERO));
    }

    private JoinOutcome issue(
            TailnetNode node, Context<TailnetNode> context, JoinPlan.Issue plan, ControlPlane controlPlane) {
        if (!node.hasFinalizer(ApiGroup.JOIN_KEY_FINALIZER)) {
            OwnWrite.goOnFrom(node, context.resourceOperations().addFinalizer(ApiGroup.JOIN_KEY_FINALIZER));
        }
        var holder = new JoinKeyHolder(node);
        var issued = keys.issue(controlPlane, plan.place(), holder, plan.order());
        if (issued.isNew()) {
            events.normal(node, "JoinKeyIssued", told(holder, issued.key()));
        }
        return new JoinOutcome.Issued(issued.key());
    }

    private static String told(JoinKeyHolder holder, JoinKeyRecord key) {
        return "Secret " + holder.secretName() + " holds join key " + key.keyId() + " until " + key.expires();
    }

    private void settle(TailnetNode node, String place, ControlPlane controlPlane, Context<TailnetNode> context) {
        keys.settle(controlPlane, place, new JoinKeyHolder(node));
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
    Optional<Duration> release(TailnetNode node, Context<TailnetNode> context, DeletionPlan plan) {
        return switch (plan.key()) {
            case Part.Nothing _ -> Optional.empty();
            case Part.Leave leave -> leave(node, context, leave.why());
            case Part.Wait wait -> patience.nextTry(node).or(() -> leave(node, context, wait.why()));
            case Part.Remove remove -> revoke(node, context, plan, remove.what());
        };
    }

    private Optional<Duration> revoke(TailnetNode node, Context<TailnetNode> context, DeletionPlan plan, String place) {
        try {
            settle(node, place, controlPlane(plan.view()), context);
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
        keys.forget(node.getMetadata().getUid());
    }
}
