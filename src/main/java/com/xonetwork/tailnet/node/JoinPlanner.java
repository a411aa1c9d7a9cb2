package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.ConditionType.JOIN_KEY_READY;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.JoinStatus;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailnetSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailscaleControlPlane;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyOrder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecord;
import com.xonetwork.tailnet.machine.MachinePlanner;
import com.xonetwork.tailnet.policy.TailnetSyntax;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.snapshot.ClockReading;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Failures;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a node needs in order to join, and how that reads. */
@Pure
final class JoinPlanner {

    /** Lists in a row that must lack a device which was there before its machine counts as one that has to join. */
    private static final int POLLS_UNTIL_GONE = 3;

    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private JoinPlanner() {}

    /** @param devices how the node's device is, after the changes to it were made */
    static JoinPlan plan(NodeInput input, DevicePlan devices) {
        var node = input.node();
        var spec = node.getSpec();
        var joinedIn = spec.join() == null ? input.remembered().joinedIn() : joinedIn(input, devices);
        var step = step(
                spec,
                devices.joined(),
                node.hasFinalizer(ApiGroup.JOIN_KEY_FINALIZER),
                spec.join() == null || joinedIn == null ? null : devices.view().goodPolls() - joinedIn.number(),
                input.machine().keyIsWanted(),
                input.tailnet() == null
                        ? Mode.OBSERVE
                        : mode(spec, input.tailnet().getSpec()));
        return new JoinPlan(work(input, devices, step), joinedIn, devices.view());
    }

    /**
     * Null for a device that was never seen. What the status says of an earlier run, or an earlier connection showed, makes it
     * wait for some lists, and nothing else.
     */
    private static NodeInput.@Nullable Poll joinedIn(NodeInput input, DevicePlan devices) {
        var now = new NodeInput.Poll(devices.view().epoch(), devices.view().goodPolls());
        var then = input.remembered().joinedIn();
        return devices.joined().isTrue() || (then == null ? wasJoined(input) : then.epoch() != now.epoch())
                ? now
                : then;
    }

    private static boolean wasJoined(NodeInput input) {
        var status = input.node().getStatus();
        return status != null && Conditions.isTrue(status.conditions(), ConditionType.JOINED);
    }

    private static JoinPlan.Work work(NodeInput input, DevicePlan devices, Step step) {
        var spec = input.node().getSpec();
        var joined = devices.joined();
        return switch (step) {
            case NOTHING ->
                new JoinPlan.Rest(spec.join() == null ? JoinPlan.nothing() : JoinPlan.saying(noneOut(joined)), false);
            case WAIT ->
                new JoinPlan.Rest(
                        joined.reason() == Reason.DEVICE_NOT_FOUND
                                ? JoinPlan.saying(waiting(joined), LOOK_AGAIN)
                                : JoinPlan.saying(waiting(joined)),
                        false);
            case SETTLE, ISSUE -> unlessHeld(input, devices, step);
        };
    }

    private static JoinPlan.Work unlessHeld(NodeInput input, DevicePlan devices, Step step) {
        var spec = input.node().getSpec();
        var wish = step + " " + order(spec) + " " + devices.view().epoch();
        var held = input.remembered().key();
        if (held != null && held.of().equals(wish) && held.left().isPresent()) {
            return new JoinPlan.Rest(JoinPlan.saying(held.fact(), held.left().get()), false);
        }
        var tailnet = input.tailnet();
        if (tailnet == null || devices.view().settings().isEmpty()) {
            var gone = Fact.unknown(JOIN_KEY_READY, Reason.PENDING, "there is no connection to the control plane");
            return new JoinPlan.Rest(spec.join() == null ? JoinPlan.nothing() : JoinPlan.saying(gone), true);
        }
        var place = place(devices.view());
        return step == Step.SETTLE
                ? new JoinPlan.Settle(
                        wish,
                        place,
                        spec.join() == null ? JoinPlan.nothing() : JoinPlan.saying(noneOut(devices.joined())))
                : issue(input, devices.view(), tailnet.getSpec(), wish, place);
    }

    private static JoinPlan.Work issue(
            NodeInput input, TailnetView view, TailnetSpec tailnet, String wish, String place) {
        var node = input.node();
        var spec = node.getSpec();
        if (!view.can(Capability.JOIN_KEYS)) {
            return new JoinPlan.Refuse(wish, new ControlPlaneException.NotSupported(Capability.JOIN_KEYS));
        }
        var unfit = unfit(spec, tailnet, view);
        if (unfit.isPresent()) {
            return node.hasFinalizer(ApiGroup.JOIN_KEY_FINALIZER)
                    ? new JoinPlan.Settle(wish, place, JoinPlan.saying(unfit.get()))
                    : new JoinPlan.Rest(JoinPlan.saying(unfit.get()), true);
        }
        if (input.clockAhead().abs().compareTo(ClockReading.TOO_FAR) > 0) {
            return new JoinPlan.Rest(JoinPlan.saying(tooFarOff(input.clockAhead()), LOOK_AGAIN), true);
        }
        var order = order(spec);
        return new JoinPlan.Issue(wish, place, order, key -> {
            var status = status(new JoinKeyHolder(node), tailnet, spec, key);
            return new JoinSaid(
                    Optional.of(issued(status)),
                    status,
                    Optional.of(Duration.between(input.here(), order.renewAt(key))));
        });
    }

    /** URL and name of the tailnet behind a view. */
    static String place(TailnetView view) {
        return view.settings()
                .map(settings -> settings.url() + "/" + settings.tailnet())
                .orElse("");
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

    /** How a failure of the control plane reads. */
    static Fact refused(ControlPlaneException failure) {
        var hint = failure instanceof ControlPlaneException.Rejected
                ? ". The policy must give the node's tags an owner that the operator's credentials may act for"
                : "";
        return Fact.no(JOIN_KEY_READY, Failures.reason(failure), Failures.message(failure) + hint);
    }

    /** How it reads that somebody else has the Secret's name. @param why what is known of that */
    static Fact secretTaken(@Nullable String why) {
        return Fact.no(JOIN_KEY_READY, Reason.SECRET_TAKEN, why + ": rename or delete it");
    }

    /** How it reads that a Secret was not written. @param why what is known of that */
    static Fact notWritten(@Nullable String why) {
        return Fact.no(JOIN_KEY_READY, Reason.SECRET_NOT_WRITTEN, why + "; the operator will retry");
    }

    /** How it reads that any other call to the API server failed. */
    static Fact callFailed() {
        return Fact.no(
                JOIN_KEY_READY,
                Reason.SECRET_NOT_WRITTEN,
                "a call to the API server failed, for the Secret of the join key or for this node's finalizer; the"
                        + " operator will retry. If this lasts, check the operator's rights");
    }

    enum Step {
        /** Nobody asks for a key, and none is out. */
        NOTHING,
        /** The machine is in, or is not wanted any more: what is out is revoked. */
        SETTLE,
        /** The machine is not in: there must be a key. */
        ISSUE,
        /** It is not known whether the machine is in: what is out stays out, and nothing new is made. */
        WAIT
    }

    /**
     * @param joined the fact {@code Joined}
     * @param keyOut whether a key of this node may be live
     * @param pollsSinceJoined good lists since one had the device; null when none had
     * @param wanted a remedy is under way that lets the machine log in anew
     * @param mode of the node, else of its Tailnet
     */
    static Step step(
            TailnetNodeSpec spec,
            Fact joined,
            boolean keyOut,
            @Nullable Long pollsSinceJoined,
            boolean wanted,
            Mode mode) {
        if (spec.join() != null && mode == Mode.OBSERVE) {
            var isKnown = joined.isTrue() || joined.reason() == Reason.DEVICE_NOT_FOUND;
            return !isKnown ? Step.WAIT : keyOut ? Step.SETTLE : Step.NOTHING;
        }
        if (spec.join() != null && wanted && (joined.isTrue() || joined.reason() == Reason.DEVICE_NOT_FOUND)) {
            return Step.ISSUE;
        }
        if (spec.join() == null || joined.isTrue()) {
            return keyOut ? Step.SETTLE : Step.NOTHING;
        }
        var absent = joined.reason() == Reason.DEVICE_NOT_FOUND
                && (pollsSinceJoined == null || pollsSinceJoined >= POLLS_UNTIL_GONE);
        return absent ? Step.ISSUE : Step.WAIT;
    }

    /** Tags of the node itself: which classes match is known only when there is a device. */
    static JoinKeyOrder order(TailnetNodeSpec spec) {
        var manual = spec.join() == null ? null : spec.join().manual();
        var validFor = manual == null ? "1h" : manual.keyValidFor();
        return new JoinKeyOrder(new TreeSet<>(spec.tags()), DurationText.parse(validFor));
    }

    /** Why no key can be made for the node: its tags, or where its machine is said to be; empty if one can. */
    static Optional<Fact> unfit(TailnetNodeSpec node, TailnetSpec tailnet, TailnetView view) {
        return Optional.ofNullable(node.ssh())
                .flatMap(MachinePlanner::noMachine)
                .or(() -> DesiredTags.of(node, List.of()).unfit(TailnetSyntax.of(tailnet, view.capabilities())))
                .map(why -> Fact.no(JOIN_KEY_READY, Reason.INVALID, why + ". Until then no join key is made"));
    }

    /** The node's own word on it, else that of its Tailnet. */
    static Mode mode(TailnetNodeSpec node, TailnetSpec tailnet) {
        return node.mode() == null ? tailnet.mode() : node.mode();
    }

    static JoinStatus status(JoinKeyHolder holder, TailnetSpec tailnet, TailnetNodeSpec node, JoinKeyRecord key) {
        return new JoinStatus(
                holder.secretName(),
                key.keyId(),
                key.expires().toString(),
                node.ssh() != null || node.cloudInit() != null ? null : command(tailnet, node),
                null,
                null);
    }

    /**
     * Without {@code --advertise-tags}: the tags are in the key. (Headscale 0.29.1 refuses to let a machine that has logged
     * out back in when it asks for tags besides.)
     */
    private static String command(TailnetSpec tailnet, TailnetNodeSpec node) {
        return "tailscale up" + loginServer(tailnet) + " --auth-key=file:join.key --hostname=" + node.hostname();
    }

    private static String loginServer(TailnetSpec tailnet) {
        return loginServerOf(tailnet).map(url -> " --login-server=" + url).orElse("");
    }

    /** What machines are told to log in to; empty for Tailscale's own. */
    static Optional<String> loginServerOf(TailnetSpec tailnet) {
        var url = tailnet.headscale() != null
                ? tailnet.headscale().url()
                : tailnet.tailscale() == null
                        ? TailscaleControlPlane.SERVICE
                        : tailnet.tailscale().url();
        return TailscaleControlPlane.isService(url)
                ? Optional.empty()
                : Optional.of(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
    }

    static Fact issued(JoinStatus status) {
        return Fact.yes(
                JOIN_KEY_READY,
                Reason.KEY_ISSUED,
                "Secret " + status.secretName() + " holds a key for one use until " + status.keyExpires() + "; "
                        + use(status));
    }

    private static String use(JoinStatus status) {
        if (status.cloudInitSecretName() != null) {
            return "the machine fetches the key at its first boot. Create the machine with the user-data in Secret "
                    + status.cloudInitSecretName()
                    + (status.cloudInitTokenExpires() == null
                            ? ""
                            : " before " + status.cloudInitTokenExpires()
                                    + ". At that time its token ends, and the user-data changes");
        }
        return status.command() == null
                ? "a run takes it to the machine"
                : "on the machine, with the key in the file join.key: " + status.command();
    }

    /** @param joined the fact {@code Joined} */
    static Fact noneOut(Fact joined) {
        return joined.isTrue()
                ? Fact.yes(
                        JOIN_KEY_READY,
                        Reason.JOINED,
                        "the machine has joined, so it needs no join key, and none is left")
                : Fact.no(
                        JOIN_KEY_READY,
                        Reason.DIFFERS,
                        "the machine has not joined; mode is Observe, so no join key is made");
    }

    static Fact waiting(Fact joined) {
        return joined.reason() == Reason.DEVICE_NOT_FOUND
                ? Fact.unknown(
                        JOIN_KEY_READY,
                        Reason.PENDING,
                        "the device was in the tailnet not long ago; the operator makes a join key after several device lists in a row without it")
                : Fact.unknown(JOIN_KEY_READY, joined.reason(), joined.message());
    }
}
