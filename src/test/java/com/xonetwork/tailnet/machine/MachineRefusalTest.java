package com.xonetwork.tailnet.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.status.Reason;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said names the cause in the server's words, and what to do. */
class MachineRefusalTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            422 | AutomationRun is invalid: spec.targets.nodes[0].name: Too long   | INVALID   | as invalid
            403 | is forbidden: exceeded quota: runs, requested: 1, used: 10       | FORBIDDEN | Change the quota
            403 | is forbidden: User "xo" cannot create resource "automationruns"  | FORBIDDEN | Give it the rights
            403 | is forbidden: ValidatingAdmissionPolicy 'p' denied request: no   | FORBIDDEN | admission rule
            409 | the object has been modified                                     | PENDING   | tried again by itself
            500 | etcdserver: request timed out                                    | PENDING   | tried again by itself
            """)
    void theServersWordsAreTold(int code, String words, Reason reason, String advice) {
        var status =
                new StatusBuilder().withCode(code).withMessage(words + "\n").build();
        var plan = MachineRefusal.of(code, status);
        assertThat(plan.fact().reason()).isEqualTo(reason);
        assertThat(plan.fact().message())
                .contains(words.strip())
                .contains(advice)
                .doesNotContain("\n");
        assertThat(plan.lookAgain())
                .hasValueSatisfying(wait -> assertThat(wait).isBetween(Duration.ofSeconds(15), Duration.ofMinutes(2)));
    }
}
