package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunObservationTest {

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
        assertThat(RunObservation.attempt(job(label))).isEqualTo(attempt);
    }
}
