package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttemptJobsTest {

    private static Job job(String attempt) {
        return new JobBuilder()
                .withNewMetadata()
                .withName("job")
                .addToLabels(RunnerJob.ATTEMPT_LABEL, attempt)
                .endMetadata()
                .build();
    }

    /** Whoever may make Jobs chooses their labels: one of two thousand million attempts would be looked for one by one. */
    @ParameterizedTest
    @CsvSource({"1, 1", "11, 11", "12, 0", "0, 0", "01, 0", "-1, 0", "2147483647, 0", "99999999999, 0", "x, 0", "'', 0"
    })
    void onlyAttemptsThatCanBeCount(String label, int attempt) {
        assertThat(AttemptJobs.attempt(job(label))).isEqualTo(attempt);
    }

    private static JobBuilder ofRun(String name) {
        return new JobBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("net")
                .addToLabels(ApiGroup.MANAGED_BY_LABEL, ApiGroup.OPERATOR)
                .addToLabels(RunnerJob.ATTEMPT_LABEL, "2")
                .addNewOwnerReference()
                .withApiVersion("tailnet.xo-network.com/v1alpha1")
                .withKind("AutomationRun")
                .withName("first")
                .withUid("0b1c")
                .withController(true)
                .endOwnerReference()
                .endMetadata();
    }

    @Test
    void aJobIsAnAttemptsByItsNameItsControllerAndTheOperatorsLabel() {
        assertThat(AttemptJobs.runOf(ofRun("xo-run-0b1c-2").build()))
                .hasValueSatisfying(run -> assertThat(run.getName()).isEqualTo("first"));
        assertThat(Stream.of(
                        ofRun("xo-run-0b1c-1").build(),
                        ofRun("another").build(),
                        ofRun("xo-run-0b1c-2")
                                .editMetadata()
                                .removeFromLabels(ApiGroup.MANAGED_BY_LABEL)
                                .endMetadata()
                                .build(),
                        ofRun("xo-run-0b1c-2")
                                .editMetadata()
                                .editFirstOwnerReference()
                                .withController(null)
                                .endOwnerReference()
                                .endMetadata()
                                .build(),
                        ofRun("xo-run-0b1c-2")
                                .editMetadata()
                                .editFirstOwnerReference()
                                .withApiVersion("example.com/v1")
                                .endOwnerReference()
                                .endMetadata()
                                .build(),
                        ofRun("xo-run-0b1c-2")
                                .editMetadata()
                                .withLabels(null)
                                .endMetadata()
                                .build()))
                .allSatisfy(job -> assertThat(AttemptJobs.runOf(job)).isEmpty());
    }

    @Test
    void aPodIsOfTheJobThatControlsIt() {
        var pod = new PodBuilder()
                .withNewMetadata()
                .addToLabels(AttemptJobs.JOB_NAME, "xo-run-0b1c-2")
                .addNewOwnerReference()
                .withKind("Job")
                .withName("xo-run-0b1c-2")
                .withUid("4711")
                .endOwnerReference()
                .endMetadata();
        assertThat(AttemptJobs.jobOf(pod.build())).isEmpty();
        assertThat(AttemptJobs.jobOf(pod.editMetadata()
                        .editFirstOwnerReference()
                        .withController(true)
                        .endOwnerReference()
                        .endMetadata()
                        .build()))
                .hasValueSatisfying(job -> assertThat(job.getUid()).isEqualTo("4711"));
    }
}
