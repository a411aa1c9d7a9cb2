package com.xonetwork.tailnet.exitnode;

import static com.xonetwork.tailnet.status.ConditionType.ACCEPTED;
import static com.xonetwork.tailnet.status.ConditionType.ADVERTISED;
import static com.xonetwork.tailnet.status.ConditionType.APPROVED;
import static com.xonetwork.tailnet.status.ConditionType.SERVING;
import static com.xonetwork.tailnet.status.Fact.no;
import static com.xonetwork.tailnet.status.Fact.unknown;
import static com.xonetwork.tailnet.status.Fact.yes;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.ExitNode;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeSpec.OnNoneHealthy;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeStatus.Active;
import com.xonetwork.tailnet.api.v1alpha1.ExitNodeStatus.CandidateStatus;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.exitnode.Election.Candidate;
import com.xonetwork.tailnet.exitnode.Election.Health;
import com.xonetwork.tailnet.inventory.Standing;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.route.RouteIntents;
import com.xonetwork.tailnet.route.Router;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Fact;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says how true an ExitNode is, and which candidate is the choice. */
@Pure
final class ExitNodePlanner {

    private final ExitNodeInput input;
    private final List<Router> candidates;
    private final Optional<Standing> inTheWay;

    private ExitNodePlanner(ExitNodeInput input) {
        this.input = input;
        this.candidates = byPreference(input);
        this.inTheWay = Standing.inTheWay(input.exit().getSpec().tailnetRef().name(), input.tailnet(), input.view());
    }

    static ExitNodePlan plan(ExitNodeInput input) {
        return new ExitNodePlanner(input).plan();
    }

    /** Highest priority first, equals as listed. */
    private static List<Router> byPreference(ExitNodeInput input) {
        Comparator<Router> byPriority = Comparator.comparing(router -> -input.exit().getSpec().candidates().stream()
                .filter(candidate -> candidate.node().equals(router.node()))
                .findFirst()
                .orElseThrow()
                .priority());
        return input.candidates().stream().sorted(byPriority).toList();
    }

    private ExitNodePlan plan() {
        var spec = input.exit().getSpec();
        var outcome = Election.hold(
                input.election(),
                candidates.stream()
                        .map(router -> new Candidate(router.node(), health(router)))
                        .toList(),
                new Election.Rules(
                        DurationText.parse(spec.minDwell()),
                        DurationText.parse(spec.failbackDelay()),
                        spec.onNoneHealthy() == OnNoneHealthy.CLEAR),
                input.now());
        return new ExitNodePlan(
                inTheWay.map(this::allUnknown).orElseGet(() -> facts(outcome)),
                outcome.state(),
                change(input.election(), outcome.state()),
                active(outcome.state()),
                candidates.stream()
                        .map(router -> new CandidateStatus(router.node(), word(health(router)), message(router)))
                        .toList(),
                outcome.lookAgain().map(at -> Duration.between(input.now(), at).plusMillis(1)));
    }

    private static Optional<String> change(Election.State before, Election.State now) {
        return Objects.equals(before.active(), now.active())
                ? Optional.empty()
                : Optional.of("The exit node is now " + (now.active() == null ? "none" : now.active()) + ". Before: "
                        + (before.active() == null ? "none" : before.active()) + ".");
    }

    private Health health(Router router) {
        if (inTheWay.isPresent()) {
            return Health.UNKNOWN;
        }
        return trouble(router).isEmpty() ? Health.HEALTHY : Health.UNHEALTHY;
    }

    private static String word(Health health) {
        return switch (health) {
            case HEALTHY -> Condition.TRUE;
            case UNHEALTHY -> Condition.FALSE;
            case UNKNOWN -> Condition.UNKNOWN;
        };
    }

    private @Nullable String message(Router router) {
        return inTheWay.isPresent()
                ? inTheWay.get().message()
                : trouble(router).map(Router.Trouble::message).orElse(null);
    }

    /** What keeps a candidate from being an exit. */
    private Optional<Router.Trouble> trouble(Router router) {
        return router.cannotCarry(input.view().there(input.now()))
                .or(() -> notAdvertised(router))
                .or(() -> notApproved(router));
    }

    private static Optional<Router.Trouble> notAdvertised(Router router) {
        return router.absent()
                .or(
                        () -> router.notAdvertised(RouteIntents.EXIT_ROUTES).isEmpty()
                                ? Optional.empty()
                                : Optional.of(
                                        new Router.Trouble(
                                                Reason.NOT_ADVERTISED,
                                                router.node()
                                                        + " does not offer itself as an exit node; run on it: tailscale set --advertise-exit-node")));
    }

    private static Optional<Router.Trouble> notApproved(Router router) {
        return router.absent()
                .or(() -> router.notApproved(RouteIntents.EXIT_ROUTES).isEmpty()
                        ? Optional.empty()
                        : Optional.of(new Router.Trouble(
                                Reason.NOT_APPROVED,
                                router.node() + " is not approved as an exit node; see RoutesApproved of TailnetNode "
                                        + router.node())));
    }

    private List<Fact> allUnknown(Standing standing) {
        return Stream.concat(
                        Stream.of(accepted()),
                        ConditionType.factsBeside(ACCEPTED, ExitNode.class).stream()
                                .map(type -> unknown(type, standing.reason(), standing.message())))
                .toList();
    }

    private static Fact accepted() {
        return yes(ACCEPTED, Reason.ACCEPTED, "in use");
    }

    private List<Fact> facts(Election.Outcome outcome) {
        return List.of(
                accepted(),
                all(
                        ADVERTISED,
                        ExitNodePlanner::notAdvertised,
                        Reason.ADVERTISED,
                        "every candidate offers itself as an exit node"),
                all(
                        APPROVED,
                        ExitNodePlanner::notApproved,
                        Reason.APPROVED,
                        "every candidate is approved as an exit node"),
                serving(outcome));
    }

    private Fact all(
            ConditionType type, Function<Router, Optional<Router.Trouble>> check, Reason good, String message) {
        var wrong = candidates.stream().map(check).flatMap(Optional::stream).toList();
        if (wrong.isEmpty()) {
            return yes(type, good, message);
        }
        var first = wrong.getFirst();
        return no(
                type,
                first.reason(),
                candidates.size() == 1
                        ? first.message()
                        : wrong.size() + " of " + candidates.size() + " candidates: " + first.message());
    }

    private Fact serving(Election.Outcome outcome) {
        var active = outcome.state().active();
        var healthy = candidates.stream()
                .filter(router -> health(router) == Health.HEALTHY)
                .toList();
        if (active == null) {
            return no(
                    SERVING,
                    Reason.NO_HEALTHY_CANDIDATE,
                    "no candidate is healthy, and none is chosen: " + whyNot(candidates.getFirst()));
        }
        var trouble = candidates.stream()
                .filter(router -> router.node().equals(active))
                .findFirst()
                .flatMap(this::trouble);
        var doubt = candidates.stream()
                .filter(router -> router.node().equals(active))
                .findFirst()
                .flatMap(Router::doubt);
        if (trouble.isEmpty() && doubt.isPresent()) {
            return unknown(SERVING, Reason.IP_FORWARDING_OFF, doubt.get().message());
        }
        if (trouble.isEmpty()) {
            return healthy.size() == candidates.size()
                    ? yes(SERVING, Reason.SERVING, active + " is the exit node")
                    : yes(
                            SERVING,
                            Reason.DEGRADED,
                            active + " is the exit node; " + (candidates.size() - healthy.size()) + " of "
                                    + candidates.size() + " candidates are not healthy, see status.candidates");
        }
        if (healthy.isEmpty()) {
            return no(
                    SERVING,
                    Reason.NO_HEALTHY_CANDIDATE,
                    "no candidate is healthy; " + active + " stays the exit node, so traffic through it is cut: "
                            + trouble.get().message());
        }
        return no(
                SERVING,
                Reason.DWELLING,
                trouble.get().message() + "; " + outcome.waitsFor()
                        + " takes over when " + active + " has been the exit node for minDwell ("
                        + input.exit().getSpec().minDwell() + ")");
    }

    private String whyNot(Router router) {
        return trouble(router).map(Router.Trouble::message).orElse("");
    }

    /** What was seen of a device when it was chosen stands while it cannot be seen. */
    private @Nullable Active active(Election.State state) {
        if (state.active() == null || state.since() == null) {
            return null;
        }
        var device = candidates.stream()
                .filter(router -> router.node().equals(state.active()))
                .flatMap(router -> Stream.ofNullable(router.device()))
                .findFirst();
        var before = Optional.ofNullable(input.exit().getStatus())
                .flatMap(status -> Optional.ofNullable(status.active()))
                .filter(published -> published.node().equals(state.active()));
        return new Active(
                state.active(),
                device.map(Device::id).or(() -> before.map(Active::deviceId)).orElse(null),
                device.flatMap(Device::address)
                        .or(() -> before.map(Active::address))
                        .orElse(null),
                Objects.requireNonNull(state.since()).toString());
    }
}
