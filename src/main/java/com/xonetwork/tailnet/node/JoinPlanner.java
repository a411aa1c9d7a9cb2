package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.status.ConditionType.JOIN_KEY_READY;

import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.JoinStatus;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailnetSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailscaleControlPlane;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyOrder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecord;
import com.xonetwork.tailnet.machine.MachinePlanner;
import com.xonetwork.tailnet.policy.TailnetSyntax;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a node needs in order to join, and how that reads. */
@Pure
final class JoinPlanner {

    /** Lists in a row that must lack a device which was there before its machine counts as one that has to join. */
    private static final int POLLS_UNTIL_GONE = 3;

    private JoinPlanner() {}

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
