package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** When nodes count as unhealthy, what is done about it, and what holds that back. */
@ValidationRule(
        value = "self.tailnetRef == oldSelf.tailnetRef",
        message = "tailnetRef cannot change: delete this HealPolicy and create one for the other Tailnet")
@ValidationRule(
        value = "has(self.selector.matchLabels) || has(self.selector.matchExpressions)",
        message = "an empty selector would mean every node: name at least one label")
@ValidationRule(
        value = "!(has(self.maxUnhealthy) && has(self.minHealthy))",
        message = "maxUnhealthy and minHealthy say the same twice: give one of them")
@ValidationRule(
        value = "!has(self.quorum) || self.quorum.min <= (has(self.quorum.sources) ? self.quorum.sources.size() : 2)",
        message = "quorum.min cannot be more than its sources")
@ValidationRule(
        value = "[self.nodeStartupTimeout, self.retryPeriod, self.minHealthyPeriod, self.healthyDelay,"
                + " self.stormCooldownDuration].all(d, duration(d) <= duration('168h'))",
        message = "durations must be at most 168h")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record HealPolicySpec(
        @Required @JsonPropertyDescription("The Tailnet that the nodes belong to, in the same namespace.")
        LocalRef tailnetRef,

        @Required @JsonPropertyDescription("Labels of the TailnetNodes. A node can be in one HealPolicy only.")
        LabelSelector selector,

        @Default("Enforce")
        @JsonPropertyDescription(
                "Observe reports unhealthy nodes. Suggest also reports in status.decisions what the operator would do."
                        + " Enforce starts the remedies.")
        HealMode mode,

        @Size(min = 1, max = 8)
        @JsonPropertyDescription(
                "Conditions of a TailnetNode. A node is unhealthy when one of them has lasted for its duration. Absent:"
                        + " Online=False for 2m.")
        List<UnhealthyCondition> unhealthyConditions,

        @Default("10m")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("How long a new node that has not joined yet gets no remedy. 0s does not wait.")
        String nodeStartupTimeout,

        @Size(min = 1, max = 6)
        @Pattern(HealPolicySpec.AMOUNT)
        @JsonPropertyDescription(
                "Guard: no remedy is started while more nodes than this are unhealthy, a number or a percentage such as 40%."
                        + " Absent, and minHealthy absent too: 40%.")
        @Nullable
        String maxUnhealthy,

        @Size(min = 1, max = 6)
        @Pattern(HealPolicySpec.AMOUNT)
        @JsonPropertyDescription(
                "The same guard as a lower bound: no remedy is started while fewer nodes than this are healthy.")
        @Nullable
        String minHealthy,

        @Default("1")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription("Guard: the maximum number of remedies at the same time.")
        Integer maxInFlight,

        @Size(min = 1, max = 10)
        @JsonPropertyDescription(
                "The ladder: remedies in order. Absent: Reup, RestartTailscaled, Reprovision, Rekey and, with approval,"
                        + " Reboot.")
        List<Remediation> escalatingRemediations,

        @Default("30s")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("Time for a remedy to take effect before the next one follows.")
        String retryPeriod,

        @Default("0")
        @Min(0)
        @Max(10)
        @JsonPropertyDescription(
                "How often the whole ladder is tried again after its end, as backoff says. After that, a human must act.")
        Integer maxRetry,

        @JsonPropertyDescription("Time between the end of the ladder and its next start.")
        Backoff backoff,

        @JsonPropertyDescription(
                "Evidence that a remedy with requireQuorum needs. If one source says that the node is up, the remedy is held.")
        Quorum quorum,

        @Default("1h")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription(
                "A node that fails again within this time continues where the ladder stopped. After this time the ladder"
                        + " starts from the beginning.")
        String minHealthyPeriod,

        @Default("2m")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("How long a node must be healthy again before it counts as healthy.")
        String healthyDelay,

        @Default("5m")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("Time after the end of a storm or a common cause during which no remedy is started.")
        String stormCooldownDuration,

        @JsonPropertyDescription("Says when failures of several nodes count as one failure with a common cause.")
        CommonCause commonCause,

        @Size(max = 10) @JsonPropertyDescription("Reasons to pause. The policy is paused while this list is not empty.")
        List<@Size(min = 1, max = 200) String> pauseRequests) {

    static final String AMOUNT = "^([0-9]+|([0-9]|[1-9][0-9]|100)%)$";

    private static final List<UnhealthyCondition> OFFLINE = List.of(new UnhealthyCondition("Online", "False", "2m"));
    private static final List<Remediation> LADDER = List.of(
            builtin(HealAction.REUP, false),
            builtin(HealAction.RESTART_TAILSCALED, false),
            builtin(HealAction.REPROVISION, false),
            builtin(HealAction.REKEY, false),
            builtin(HealAction.REBOOT, true));

    private static Remediation builtin(HealAction action, boolean requireApproval) {
        return new Remediation(action, null, "5m", 0, requireApproval, null);
    }

    public HealPolicySpec {
        mode = mode == null ? HealMode.ENFORCE : mode;
        unhealthyConditions = unhealthyConditions == null || unhealthyConditions.isEmpty()
                ? OFFLINE
                : List.copyOf(unhealthyConditions);
        nodeStartupTimeout = nodeStartupTimeout == null ? "10m" : nodeStartupTimeout;
        maxUnhealthy = maxUnhealthy == null && minHealthy == null ? "40%" : maxUnhealthy;
        maxInFlight = maxInFlight == null ? 1 : maxInFlight;
        escalatingRemediations = escalatingRemediations == null || escalatingRemediations.isEmpty()
                ? LADDER
                : List.copyOf(escalatingRemediations);
        retryPeriod = retryPeriod == null ? "30s" : retryPeriod;
        maxRetry = maxRetry == null ? 0 : maxRetry;
        backoff = backoff == null ? Backoff.DEFAULT : backoff;
        quorum = quorum == null ? Quorum.DEFAULT : quorum;
        minHealthyPeriod = minHealthyPeriod == null ? "1h" : minHealthyPeriod;
        healthyDelay = healthyDelay == null ? "2m" : healthyDelay;
        stormCooldownDuration = stormCooldownDuration == null ? "5m" : stormCooldownDuration;
        commonCause = commonCause == null ? CommonCause.DEFAULT : commonCause;
        pauseRequests = pauseRequests == null ? List.of() : List.copyOf(pauseRequests);
    }

    /** A condition that makes a node unhealthy when it has lasted. */
    public record UnhealthyCondition(
            @Required
            @Size(min = 1, max = 63)
            @Pattern("^[A-Z][A-Za-z]*$")
            @JsonPropertyDescription(
                    "Type of a condition of the TailnetNode: Online, KeyValid, Joined, MachineInSync ...")
            String type,

            @Required
            @Size(max = 7)
            @Pattern("^(True|False|Unknown)$")
            @JsonPropertyDescription("True, False or Unknown.")
            String status,

            @Required
            @Size(min = 2, max = 20)
            @Pattern(DurationText.PATTERN)
            @JsonPropertyDescription("How long the condition must last, for example 2m.")
            String duration) {}

    /** One rung of the ladder. */
    @ValidationRule(
            value = "has(self.action) != has(self.templateRef)",
            message = "a remediation must have exactly one of action and templateRef")
    @ValidationRule(
            value = "duration(self.timeout) >= duration('60s') && duration(self.timeout) <= duration('24h')",
            message = "timeout must be between 60s and 24h")
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Remediation(
            @JsonPropertyDescription("A built-in remedy, for nodes with join.ssh.") @Nullable
            HealAction action,

            @JsonPropertyDescription("One of your own AutomationTemplates. It must not have required parameters.")
            @Nullable
            LocalRef templateRef,

            @Default("5m")
            @Size(min = 2, max = 20)
            @Pattern(DurationText.PATTERN)
            @JsonPropertyDescription("The run of this remedy is cancelled after this time, at least 60s.")
            String timeout,

            @Default("0")
            @Min(0)
            @Max(10)
            @JsonPropertyDescription("How often the remedy is repeated before the next remedy follows.")
            Integer retryLimit,

            @Default("false") @JsonPropertyDescription("true: the run of this remedy waits until somebody approves it.")
            Boolean requireApproval,

            @JsonPropertyDescription(
                    "true: the remedy starts only when quorum is reached. Absent: true for Reboot and for templates of your own,"
                            + " which may replace the machine; false for the others.")
            @Nullable
            Boolean requireQuorum) {

        public Remediation {
            timeout = timeout == null ? "5m" : timeout;
            retryLimit = retryLimit == null ? 0 : retryLimit;
            requireApproval = requireApproval != null && requireApproval;
        }

        /** Whether one source alone must not set it off. */
        public boolean needsQuorum() {
            return requireQuorum != null ? requireQuorum : templateRef != null || action == HealAction.REBOOT;
        }

        /** As decisions and runs call it. */
        public String title() {
            if (action != null) {
                return action.name().toLowerCase(Locale.ROOT);
            }
            return "template " + (templateRef == null ? "" : templateRef.name());
        }
    }

    /** Time between the end of the ladder and its next start. */
    @ValidationRule(
            value = "duration(self.initial) >= duration('1s') && duration(self.max) <= duration('168h') &&"
                    + " duration(self.initial) <= duration(self.max)",
            message = "backoff.initial must be at least 1s, and backoff.max between it and 168h")
    public record Backoff(
            @Default("10m")
            @Size(min = 2, max = 20)
            @Pattern(DurationText.PATTERN)
            @JsonPropertyDescription("Time after the first end.")
            String initial,

            @Default("2")
            @Min(1)
            @Max(10)
            @JsonPropertyDescription("Factor by which the time grows after each further end.")
            Integer factor,

            @Default("24h")
            @Size(min = 2, max = 20)
            @Pattern(DurationText.PATTERN)
            @JsonPropertyDescription("Upper limit of the time.")
            String max) {

        static final Backoff DEFAULT = new Backoff("10m", 2, "24h");

        public Backoff {
            initial = initial == null ? "10m" : initial;
            factor = factor == null ? 2 : factor;
            max = max == null ? "24h" : max;
        }

        /** @param times how often the ladder came to its end, from 1 */
        public Duration after(int times) {
            var wait = DurationText.parse(initial);
            var longest = DurationText.parse(max);
            for (var i = 1; i < times && wait.compareTo(longest) < 0; i++) {
                wait = wait.multipliedBy(factor);
            }
            return wait.compareTo(longest) > 0 ? longest : wait;
        }
    }

    /** Who must agree before something is done that cannot be undone. */
    @ValidationRule(
            value = "!has(self.sources) || self.sources.all(one, self.sources.exists_one(other, other == one))",
            message = "quorum.sources must name each source once")
    public record Quorum(
            @Size(min = 1, max = 3)
            @JsonPropertyDescription(
                    "ControlPlane: the node's conditions. LastRun: what the last built-in remedy found on the machine. Ssh:"
                            + " whether the machine answers on its SSH port, checked right before a template of your own. Absent:"
                            + " ControlPlane and LastRun.")
            List<HealSource> sources,

            @Default("1")
            @Min(1)
            @Max(3)
            @JsonPropertyDescription(
                    "Number of sources that must say that the node is down. A source that does not know is not counted.")
            Integer min) {

        static final Quorum DEFAULT = new Quorum(List.of(), 1);

        public Quorum {
            sources = sources == null || sources.isEmpty()
                    ? List.of(HealSource.CONTROL_PLANE, HealSource.LAST_RUN)
                    : List.copyOf(sources);
            min = min == null ? 1 : min;
        }
    }

    /** When failures of several nodes are one. */
    @ValidationRule(
            value = "duration(self.window) >= duration('1s') && duration(self.window) <= duration('24h')",
            message = "window must be between 1s and 24h")
    public record CommonCause(
            @Default("topology.tailnet.xo-network.com/site")
            @Size(min = 1, max = 317)
            @JsonPropertyDescription(
                    "Label of TailnetNodes. Nodes with the same value share a possible common cause, such as a site.")
            String label,

            @Default("50")
            @Min(1)
            @Max(100)
            @JsonPropertyDescription(
                    "A common cause is suspected if more than this percentage of the nodes that share it, and at least two, fail"
                            + " within the window. These nodes then get no remedy.")
            Integer percent,

            @Default("2m")
            @Size(min = 2, max = 20)
            @Pattern(DurationText.PATTERN)
            @JsonPropertyDescription("Time between the first and the last failure.")
            String window) {

        static final CommonCause DEFAULT = new CommonCause("topology.tailnet.xo-network.com/site", 50, "2m");

        public CommonCause {
            label = label == null ? "topology.tailnet.xo-network.com/site" : label;
            percent = percent == null ? 50 : percent;
            window = window == null ? "2m" : window;
        }
    }
}
