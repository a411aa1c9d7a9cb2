package com.xonetwork.tailnet.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.HostTotals;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.runner.RunSummary.Ending;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunSummaryTest {

    @Test
    void readsWhatTheContractSays() {
        var summary = RunSummary.parse("""
                {"v":1,"attempt":2,"status":"timed_out","reason":"IdleTimeout","lastCounter":42,"redactions":7,
                 "totals":{"total":9,"ok":5,"changed":2,"failed":1,"unreachable":2,"skipped":1},
                 "hosts":[{"n":"web-3","s":"unreachable","t":"Ping","e":"no route"},{"n":"web-1","s":"changed","ok":3,"ch":1}],
                 "more":7,"later":"is ignored"}""");
        assertThat(summary)
                .contains(new RunSummary(
                        2,
                        Ending.TIMED_OUT,
                        "IdleTimeout",
                        null,
                        42,
                        7,
                        new HostTotals(9, 5, 2, 1, 2, 1, 0),
                        List.of(
                                new Host("web-3", HostState.UNREACHABLE, null, null, null, null, "Ping", "no route"),
                                new Host("web-1", HostState.CHANGED, 3, 1, null, null, null, null)),
                        7));
    }

    /** Whoever has the token of an attempt writes them. */
    @Test
    void outputsAreTextsAndFew() {
        var many = new StringBuilder("\"note\":\"two\\nlines\",\"number\":1,\"object\":{},\"Not a name\":\"x\"");
        for (var i = 0; i < 40; i++) {
            many.append(",\"o").append(i).append("\":\"").append("x".repeat(60)).append('"');
        }
        var host = RunSummary.parse(
                        "{\"v\":1,\"status\":\"finished\",\"totals\":{\"total\":1},\"hosts\":[{\"n\":\"web-1\",\"s\":\"ok\",\"o\":{"
                                + many + "}}]}")
                .orElseThrow()
                .hosts()
                .getFirst();
        assertThat(host.outputs())
                .containsEntry("note", "two lines")
                .doesNotContainKeys("number", "object", "Not a name")
                .hasSizeLessThanOrEqualTo(EventRules.MOST_OUTPUTS);
        assertThat(host.outputs().entrySet().stream()
                        .mapToInt(output ->
                                output.getKey().length() + output.getValue().length())
                        .sum())
                .isLessThanOrEqualTo(EventRules.LONGEST_OUTPUTS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "\"text\"", "7", "null", "{\"a\":[[[]]]}"})
    void whatAreNoOutputsAreNoReasonToLoseTheRest(String outputs) {
        var summary = RunSummary.parse(
                        "{\"v\":1,\"status\":\"finished\",\"totals\":{\"total\":1},\"hosts\":[{\"n\":\"web-1\",\"s\":\"ok\",\"o\":"
                                + outputs + "}]}")
                .orElseThrow();
        assertThat(summary.hosts())
                .containsExactly(new Host("web-1", HostState.OK, null, null, null, null, null, null));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "Killed",
                "{}",
                "{\"v\":2}",
                "{\"v\":1}",
                "[1]",
                "{\"v\":1,\"status\":\"unheard of\",\"totals\":{\"total\":0}}",
                "{\"v\":1,\"status\":\"finished\",\"totals\":{},\"hosts\":[{\"n\":\"a\"}]}",
            })
    void whatIsNoneIsNone(String text) {
        assertThat(RunSummary.parse(text)).isEmpty();
    }
}
