package com.xonetwork.tailnet.runner;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.HostTotals;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, in the runner's own words: the last event of the stream, and again, with as many hosts as fit into
 * 4096 bytes, the pod's termination message.
 *
 * @param reason one word, where it did not end by itself or could not begin
 * @param message for a human
 * @param lastCounter of the event that carries it
 * @param redactions how many secrets were blacked out
 * @param hosts the worst first
 * @param more hosts that were left off
 * @param dropped events that the runner did not send, because there were too many
 */
public record RunSummary(
        int attempt,
        Ending ending,
        @Nullable String reason,
        @Nullable String message,
        long lastCounter,
        long redactions,
        HostTotals totals,
        List<Host> hosts,
        int more,
        long dropped) {

    /** An order has no more machines. */
    static final int MOST_HOSTS = 2_000;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_TEXT = 512;
    private static final int LONGEST_REASON = 64;
    /** Over all machines: of thousands that failed, the first words tell why. */
    private static final int LONGEST_TEXTS = 256 * 1024;

    private static final int SHORT_TEXT = 64;

    /** Of a runner that left nothing out. */
    public RunSummary(
            int attempt,
            Ending ending,
            @Nullable String reason,
            @Nullable String message,
            long lastCounter,
            long redactions,
            HostTotals totals,
            List<Host> hosts,
            int more) {
        this(attempt, ending, reason, message, lastCounter, redactions, totals, hosts, more, 0);
    }

    /** Why the runner stopped. */
    public enum Ending {
        /** The engine came to its end, whatever the results. */
        FINISHED,
        CANCELLED,
        TIMED_OUT,
        /** The engine could not do its work. */
        ERROR
    }

    /** @return empty for what is no summary of this version */
    public static Optional<RunSummary> parse(@Nullable String text) {
        if (text == null || text.isBlank()) {
            return Optional.empty();
        }
        try {
            return of(JSON.readTree(text));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    static Optional<RunSummary> of(@Nullable JsonNode json) {
        if (json == null || json.path("v").asInt() != 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(JSON.treeToValue(json, Wire.class).read());
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** The names on the wire are short: a termination message has 4096 bytes. */
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record Wire(
            int attempt,
            String status,
            @Nullable String reason,
            @Nullable String message,
            long lastCounter,
            long redactions,
            HostTotals totals,
            @Nullable List<WireHost> hosts,
            int more,
            long dropped) {

        @JsonCreator
        Wire {}

        RunSummary read() {
            if (status == null || totals == null) {
                throw new IllegalArgumentException("status and totals are missing");
            }
            return new RunSummary(
                    attempt,
                    Ending.valueOf(status.toUpperCase(Locale.ROOT)),
                    EventRules.cut(reason, LONGEST_REASON),
                    EventRules.cut(message, LONGEST_TEXT),
                    lastCounter,
                    Math.max(0, redactions),
                    totals,
                    hosts == null
                            ? List.of()
                            : hosts.stream()
                                    .limit(MOST_HOSTS)
                                    .map(WireHost::read)
                                    .toList(),
                    Math.max(0, more),
                    Math.max(0, dropped));
        }
    }

    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonIgnoreProperties(ignoreUnknown = true)
    private record WireHost(
            @JsonProperty("n") String name,
            @JsonProperty("s") HostState state,
            @JsonProperty("ok") @Nullable Integer ok,
            @JsonProperty("ch") @Nullable Integer changed,
            @JsonProperty("f") @Nullable Integer failed,
            @JsonProperty("sk") @Nullable Integer skipped,
            @JsonProperty("t") @Nullable String task,
            @JsonProperty("e") @Nullable String error,
            @JsonProperty("o") @Nullable JsonNode outputs) {

        static WireHost of(Host host) {
            return new WireHost(
                    host.name(),
                    host.state(),
                    host.ok(),
                    host.changed(),
                    host.failed(),
                    host.skipped(),
                    host.task(),
                    host.firstError(),
                    host.outputs().isEmpty() ? null : JSON.valueToTree(host.outputs()));
        }

        Host read() {
            if (name == null || state == null) {
                throw new IllegalArgumentException("a host needs a name and a state");
            }
            return new Host(
                    name,
                    state,
                    ok,
                    changed,
                    failed,
                    skipped,
                    EventRules.cut(task, EventRules.LONGEST_TASK),
                    EventRules.cut(error, LONGEST_TEXT),
                    EventRules.outputs(outputs));
        }
    }

    /**
     * Without what is not of this order, and with texts that together are not long.
     *
     * @param names of the order's machines; null when they are not known
     */
    RunSummary of(@Nullable Set<String> names) {
        var known = hosts.stream()
                .filter(host -> EventRules.isHost(host.name(), names))
                .toList();
        var texts = known.stream()
                .mapToLong(host -> length(host.task()) + length(host.firstError()) + length(host.outputs()))
                .sum();
        return new RunSummary(
                attempt,
                ending,
                reason,
                message,
                lastCounter,
                redactions,
                totals,
                texts <= LONGEST_TEXTS
                        ? known
                        : known.stream().map(RunSummary::shortened).toList(),
                more,
                dropped);
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    private static int length(Map<String, String> outputs) {
        return outputs.entrySet().stream()
                .mapToInt(output -> output.getKey().length() + output.getValue().length())
                .sum();
    }

    /** Without outputs: of many machines, what went wrong is told first. */
    private static Host shortened(Host host) {
        return new Host(
                host.name(),
                host.state(),
                host.ok(),
                host.changed(),
                host.failed(),
                host.skipped(),
                EventRules.cut(host.task(), SHORT_TEXT),
                EventRules.cut(host.firstError(), SHORT_TEXT));
    }

    /** As a runner writes it. */
    ObjectNode toJson() {
        var json = JsonNodeFactory.instance
                .objectNode()
                .put("v", 1)
                .put("attempt", attempt)
                .put("status", ending.name().toLowerCase(Locale.ROOT))
                .put("lastCounter", lastCounter)
                .put("redactions", redactions)
                .put("more", more);
        if (dropped > 0) {
            json.put("dropped", dropped);
        }
        if (reason != null) {
            json.put("reason", reason);
        }
        if (message != null) {
            json.put("message", message);
        }
        json.set("totals", JSON.valueToTree(totals));
        var list = json.putArray("hosts");
        hosts.forEach(host -> list.add(JSON.<JsonNode>valueToTree(WireHost.of(host))));
        return json;
    }
}
