package com.xonetwork.tailnet.runner;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.HostTotals;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
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
        int more) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LONGEST_TEXT = 512;

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
            int more) {

        @JsonCreator
        Wire {}

        RunSummary read() {
            if (status == null || totals == null) {
                throw new IllegalArgumentException("status and totals are missing");
            }
            return new RunSummary(
                    attempt,
                    Ending.valueOf(status.toUpperCase(Locale.ROOT)),
                    cut(reason),
                    cut(message),
                    lastCounter,
                    redactions,
                    totals,
                    hosts == null
                            ? List.of()
                            : hosts.stream().map(WireHost::read).toList(),
                    more);
        }
    }

    @JsonIgnoreProperties(ignoreUnknown = true)
    private record WireHost(
            @JsonProperty("n") String name,
            @JsonProperty("s") HostState state,
            @JsonProperty("ok") @Nullable Integer ok,
            @JsonProperty("ch") @Nullable Integer changed,
            @JsonProperty("f") @Nullable Integer failed,
            @JsonProperty("sk") @Nullable Integer skipped,
            @JsonProperty("t") @Nullable String task,
            @JsonProperty("e") @Nullable String error) {

        Host read() {
            if (name == null || state == null) {
                throw new IllegalArgumentException("a host needs a name and a state");
            }
            return new Host(name, state, ok, changed, failed, skipped, cut(task), cut(error));
        }
    }

    private static @Nullable String cut(@Nullable String text) {
        return text == null || text.length() <= LONGEST_TEXT ? text : text.substring(0, LONGEST_TEXT - 1) + "…";
    }
}
