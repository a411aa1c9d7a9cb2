package com.xonetwork.tailnet.heal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.HealAction;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Quorum;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicySpec.Remediation;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VotesTest {

    /** What was never run on a machine says nothing of it: its image, its template or its order may have been wrong. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "phase: Failed | does not know",
                "phase: Failed, hostTotals: {total: 1, unfinished: 1}, hosts: [{name: a, state: pending}] | does not know",
                "phase: Failed, hostTotals: {total: 1, skipped: 1}, hosts: [{name: a, state: skipped}] | does not know",
                "phase: Failed, hostTotals: {total: 1, failed: 1}, hosts: [{name: a, state: failed}] | says down",
                "phase: Unreachable, hostTotals: {total: 1, unreachable: 1}, hosts: [{name: a, state: unreachable}] | says down",
                "phase: TimedOut, hostTotals: {total: 1, unfinished: 1}, hosts: [{name: a, state: running}] | says down",
                "phase: TimedOut, hostTotals: {total: 1, unfinished: 1}, hosts: [{name: a, state: pending}] | does not know",
            })
    void theLastRun(String status, String says) throws JsonProcessingException {
        var run = new ObjectMapper(new YAMLFactory())
                .readValue("{metadata: {name: r}, status: {" + status + "}}", AutomationRun.class);
        var votes = Votes.of(
                new Quorum(null, 2), new Remediation(HealAction.REBOOT, null, "5m", 0, false, null), List.of(run));
        assertThat(votes).hasToString("ControlPlane says down, LastRun " + says);
    }
}
