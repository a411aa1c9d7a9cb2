package com.xonetwork.tailnet.runner;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened in a run, as the runner tells it: redacted, engine-neutral. One that was received and not yet looked
 * at by {@link EventRules} may hold anything.
 *
 * @param counter from 1, without gaps within an attempt
 * @param time RFC 3339
 * @param type {@code run_started}, {@code task_started}, {@code host_ok} ...: see {@code runners/contract.md}
 * @param host name of a TailnetNode
 * @param text for a human: a line or more of what a terminal would show
 * @param data whatever the type defines
 * @param truncated text or data were cut
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonIgnoreProperties(ignoreUnknown = true)
public record RunEvent(
        long counter,
        String time,
        String type,
        @Nullable String host,
        @Nullable String task,
        @Nullable Boolean changed,
        @Nullable String message,
        @Nullable String text,
        @Nullable JsonNode data,
        @Nullable Boolean truncated) {

    static final String RUN_STARTED = "run_started";
    static final String HOST_STARTED = "host_started";
    static final String HOST_OK = "host_ok";
    static final String HOST_FAILED = "host_failed";
    static final String HOST_UNREACHABLE = "host_unreachable";
    static final String HOST_SKIPPED = "host_skipped";
    static final String OUTPUT = "output";
    static final String HOST_KEYS = "host_keys";
    static final String RUN_FINISHED = "run_finished";

    /** All that the contract has. */
    static final Set<String> TYPES = Set.of(
            RUN_STARTED,
            "play_started",
            "task_started",
            HOST_STARTED,
            HOST_OK,
            HOST_FAILED,
            HOST_UNREACHABLE,
            HOST_SKIPPED,
            "host_retry",
            OUTPUT,
            HOST_KEYS,
            RUN_FINISHED);

    /** Without what makes it large. */
    RunEvent withoutDetail() {
        return new RunEvent(counter, time, type, host, task, changed, null, null, null, true);
    }
}
