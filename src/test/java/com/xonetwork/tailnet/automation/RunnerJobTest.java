package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class RunnerJobTest {

    private static Job job() {
        return new JobBuilder()
                .withNewSpec()
                .withNewTemplate()
                .withNewSpec()
                .withServiceAccountName(RunnerJob.SERVICE_ACCOUNT)
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }

    @Test
    void anImageIsPulledWithTheSecretsThatTheOperatorIsTold() {
        assertThat(RunnerJob.pulling(job(), List.of("pull", "mirror"))
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getImagePullSecrets())
                .extracting(LocalObjectReference::getName)
                .containsExactly("pull", "mirror");
    }

    @Test
    void otherwiseThoseOfTheAccountCount() {
        assertThat(RunnerJob.pulling(job(), List.of())).isEqualTo(job());
    }
}
