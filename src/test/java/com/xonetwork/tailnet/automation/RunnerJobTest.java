package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.runner.AttemptKey;
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

    private static List<LocalObjectReference> pulledWith(List<LocalRef> ofTemplate, List<String> ofOperator) {
        return RunnerJob.pulling(job(), ofTemplate, ofOperator)
                .getSpec()
                .getTemplate()
                .getSpec()
                .getImagePullSecrets();
    }

    @Test
    void anImageIsPulledWithTheSecretsThatTheOperatorIsTold() {
        assertThat(pulledWith(List.of(), List.of("pull", "mirror")))
                .extracting(LocalObjectReference::getName)
                .containsExactly("pull", "mirror");
    }

    @Test
    void andWithThoseOfTheTemplate() {
        assertThat(pulledWith(List.of(new LocalRef("own"), new LocalRef("mirror")), List.of("pull", "mirror")))
                .extracting(LocalObjectReference::getName)
                .containsExactly("own", "mirror", "pull");
    }

    @Test
    void otherwiseThoseOfTheAccountCount() {
        assertThat(RunnerJob.pulling(job(), List.of(), List.of())).isEqualTo(job());
    }

    /** What else a Secret holds is none of the automation's business, and not what its log is searched for. */
    @Test
    void onlyTheKeysThatTheTemplateNamesAreMounted() throws Exception {
        var yaml = new ObjectMapper(new YAMLFactory());
        var run = yaml.readValue(
                "{metadata: {name: r, namespace: net, uid: uid}, spec: {templateRef: {name: t}, targets: {nodes: [{name: a}]}}}",
                AutomationRun.class);
        var template = yaml.readValue("""
                metadata: {name: t}
                spec:
                  engine: ansible
                  source: {builtin: x.y.z}
                  ssh: {keySecretRef: {name: a, key: b}}
                  secrets:
                    - {variable: one, secretRef: {name: web, key: password}}
                    - {variable: two, secretRef: {name: db, key: token}}
                    - {variable: three, secretRef: {name: web, key: pin}}
                    - {variable: four, secretRef: {name: web, key: pin}}
                """, AutomationTemplate.class);
        var inputs = new RunInputs(
                template, List.of(), "image", null, new ObjectMapper().createObjectNode(), false, "", List.of());
        var job =
                RunnerJob.job(run, new AttemptKey("net", "uid", 1), new AttemptOrder(List.of("a"), List.of()), inputs);
        assertThat(job.getSpec().getTemplate().getSpec().getVolumes())
                .filteredOn(volume -> volume.getName().startsWith("secret-"))
                .extracting(volume -> volume.getSecret().getSecretName() + " "
                        + volume.getSecret().getItems().stream()
                                .map(item -> item.getKey() + "=" + item.getPath())
                                .toList())
                .containsExactly("web [password=password, pin=pin]", "db [token=token]");
    }
}
