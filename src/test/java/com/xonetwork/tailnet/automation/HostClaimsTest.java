package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.ConcurrencyPolicy;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HostClaimsTest {

    private final HostClaims claims = new HostClaims(3);
    private final List<Job> jobs = new ArrayList<>();

    private static AutomationRun run(String name, String template, String namespace) {
        try {
            return new YAMLMapper().readValue("""
                    metadata: {name: %s, namespace: %s, uid: uid-%1$s}
                    spec: {templateRef: {name: %s}, targets: {nodes: [{name: a}]}}
                    """.formatted(name, namespace, template), AutomationRun.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private Optional<String> claim(String name, ConcurrencyPolicy policy, String... hosts) {
        return claims.claim(run(name, "ping", "net"), "job-" + name, policy, List.of(hosts), jobs);
    }

    private Optional<String> claim(String name, String... hosts) {
        return claim(name, ConcurrencyPolicy.ALLOW, hosts);
    }

    private void appears(String name, String hosts, boolean ended) {
        jobs.removeIf(job -> job.getMetadata().getName().equals("job-" + name));
        var job = new JobBuilder()
                .withNewMetadata()
                .withName("job-" + name)
                .withNamespace("net")
                .addToLabels(RunnerJob.TEMPLATE_LABEL, RunnerJob.templateLabel("ping"))
                .addToAnnotations(RunnerJob.HOSTS_ANNOTATION, hosts)
                .addNewOwnerReference()
                .withName(name)
                .endOwnerReference()
                .endMetadata();
        jobs.add(
                ended
                        ? job.withNewStatus()
                                .addNewCondition()
                                .withType("Complete")
                                .withStatus("True")
                                .endCondition()
                                .endStatus()
                                .build()
                        : job.build());
    }

    @Test
    void aMachineIsTakenFromTheDecisionOnAndUntilTheJobHasEnded() {
        assertThat(claim("one", "a", "b")).isEmpty();
        assertThat(claim("two", "b", "c").orElseThrow()).contains("one", "b");
        assertThat(claim("one", "a", "b")).as("by itself it is not blocked").isEmpty();

        appears("one", "a,b", false);
        assertThat(claim("two", "b", "c")).isPresent();
        assertThat(claims.waiting()).containsExactly(new ResourceID("two", "net"));
        appears("one", "a,b", true);
        assertThat(claim("two", "b", "c")).isEmpty();
        assertThat(claims.waiting()).isEmpty();
    }

    /** After a restart there are only the Jobs. */
    @Test
    void liveJobsAreEnough() {
        appears("before", "a", false);
        assertThat(claim("after", "a").orElseThrow()).contains("before");
        assertThat(claims.claim(run("after", "ping", "other"), "job-x", ConcurrencyPolicy.ALLOW, List.of("a"), jobs))
                .as("a machine of the same name in another namespace is another")
                .isEmpty();
    }

    @Test
    void placesAreLimited() {
        assertThat(claim("one", "a")).isEmpty();
        assertThat(claim("two", "b")).isEmpty();
        assertThat(claim("three", "c")).isEmpty();
        assertThat(claim("four", "d").orElseThrow()).contains("3 may go on at a time");
        claims.forget(new ResourceID("two", "net"));
        assertThat(claim("four", "d")).isEmpty();
    }

    @Test
    void aTemplateMayWantItsRunsOneAfterTheOther() {
        assertThat(claim("one", ConcurrencyPolicy.FORBID, "a")).isEmpty();
        assertThat(claim("two", ConcurrencyPolicy.FORBID, "b").orElseThrow()).contains("one", "Forbid");
        assertThat(claims.claim(
                        run("three", "other", "net"), "job-three", ConcurrencyPolicy.FORBID, List.of("b"), jobs))
                .isEmpty();
    }
}
