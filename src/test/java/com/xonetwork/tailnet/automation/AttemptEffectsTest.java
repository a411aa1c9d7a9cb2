package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.automation.RunPlan.Start;
import com.xonetwork.tailnet.runner.AttemptKey;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.status.Reason;
import com.xonetwork.tailnet.testing.MemoryApiServer;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One Job for one attempt, wherever the operator is stopped, and nothing of it where it is refused. */
class AttemptEffectsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final String NAME = "xo-run-uid-ping-1";
    private static final List<String> ALL =
            List.of("secrets/" + NAME, "serviceaccounts/xo-runner", "networkpolicies/" + NAME, "jobs/" + NAME);

    @RegisterExtension
    private final MemoryApiServer api = new MemoryApiServer();

    private final ManualClock clock = new ManualClock(NOW);
    private final AttemptKey key = new AttemptKey("net", "uid-ping", 1);
    private final AutomationRun run = Serialization.unmarshal("""
            apiVersion: tailnet.xo-network.com/v1alpha1
            kind: AutomationRun
            metadata: {name: ping, namespace: net, uid: uid-ping}
            spec: {templateRef: {name: ping}, targets: {nodes: [{name: web-1}]}}
            """, AutomationRun.class);

    private final ConfigMap book = new ConfigMapBuilder()
            .withNewMetadata()
            .withNamespace("net")
            .withName("book")
            .endMetadata()
            .addToData("play.yml", "first")
            .build();

    private AttemptEffects effects;

    @BeforeEach
    void start() {
        api.at(NOW);
        effects = restarted();
    }

    private AttemptReads reads() {
        return new AttemptReads(api.client());
    }

    private AttemptEffects restarted() {
        return new AttemptEffects(
                api.client(),
                reads(),
                new AttemptSecretEffects(api.client()),
                new KnownHostsEffects(api.client()),
                new RunnerSettings("runner", List.of(), Optional.empty(), 5, 600, Duration.ofMinutes(5), false),
                clock);
    }

    private static AutomationTemplate template(String source) {
        return Serialization.unmarshal("""
                apiVersion: tailnet.xo-network.com/v1alpha1
                kind: AutomationTemplate
                metadata: {name: ping, namespace: net, uid: uid-template}
                spec:
                  engine: ansible
                  source: %s
                  ssh: {keySecretRef: {name: ssh, key: id}, hostKeys: Strict}
                """.formatted(source), AutomationTemplate.class);
    }

    private static Start order(AutomationTemplate template, String sourceDigest, String hash) {
        var inputs = new RunInputs(
                template,
                List.of(new RunHost("web-1", "192.0.2.1", 22, "root", null)),
                "image",
                sourceDigest,
                new ObjectMapper().createObjectNode(),
                false,
                hash,
                List.of());
        return new Start(1, new AttemptOrder(List.of("web-1"), List.of()), inputs);
    }

    private static final Start PING = order(template("{builtin: xo.tailnet.ping}"), null, "inputs-1");

    private Start files() {
        var template = template("{configMap: {name: book, entry: play.yml}}");
        return order(template, RunSource.of(template.getSpec().source(), book).digest(), "inputs-1");
    }

    private String token() {
        return api.get(Secret.class, "net", NAME).getData().get("token");
    }

    private long jobsMade() {
        return api.writes().stream().filter("POST jobs"::equals).count();
    }

    /** Killed between the Secret and the Job. */
    private void isStoppedBeforeTheJob() {
        api.refuses("POST", "jobs", 503, "no etcd");
        assertThatThrownBy(() -> effects.start(run, PING)).isInstanceOf(KubernetesClientException.class);
        api.relents();
        assertThat(api.names()).contains("secrets/" + NAME).doesNotContain("jobs/" + NAME);
    }

    @Test
    void theJobComesLast() {
        assertThat(effects.start(run, PING)).isEmpty();

        assertThat(api.names()).isEqualTo(ALL);
    }

    @Test
    void whoStartsItAgainFindsIt() {
        effects.start(run, PING);
        var token = token();
        clock.advance(Duration.ofHours(1));

        assertThat(restarted().start(run, PING)).isEmpty();
        assertThat(api.names()).isEqualTo(ALL);
        assertThat(token()).isEqualTo(token);
    }

    @Test
    void whoWasStoppedBeforeTheJobGoesOn() {
        isStoppedBeforeTheJob();
        var token = token();

        assertThat(restarted().start(run, PING)).isEmpty();
        assertThat(api.names()).contains("jobs/" + NAME);
        assertThat(token()).as("the same attempt").isEqualTo(token);
    }

    /** A Job may have run in between and be gone. */
    @Test
    void aSecretThatIsOldAndHasNoJobIsNotStartedAgain() {
        isStoppedBeforeTheJob();
        clock.advance(Duration.ofMinutes(3));
        var before = jobsMade();

        assertThat(restarted().start(run, PING))
                .hasValueSatisfying(words -> assertThat(words).contains("has a Secret but no Job. It may have run"));
        assertThat(jobsMade()).isEqualTo(before);
    }

    /** What was approved is not what the Secret of the process before says. */
    @Test
    void whatHasChangedSinceTheSecretWasMadeIsStartedAnew() {
        isStoppedBeforeTheJob();
        var token = token();
        var changed = order(PING.inputs().template(), null, "inputs-2");

        assertThatThrownBy(() -> restarted().start(run, changed))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("inputs changed while the operator started it");
        assertThat(api.names()).containsExactly("serviceaccounts/xo-runner");
        assertThat(restarted().start(run, changed)).isEmpty();
        assertThat(token()).isNotEqualTo(token);
    }

    @Test
    void whatIsRefusedLeavesNothingThatCouldBeTakenForARun() {
        api.refuses("POST", "jobs", 403, "exceeded quota: none");

        assertThatThrownBy(() -> effects.start(run, PING))
                .isInstanceOfSatisfying(
                        StartRefused.class,
                        refused -> assertThat(refused.reason()).isEqualTo(Reason.START_REFUSED))
                .hasMessageContaining("The Job of attempt 1 was refused", "exceeded quota: none");
        assertThat(api.names()).containsExactly("serviceaccounts/xo-runner");
        api.relents();
        clock.advance(Duration.ofHours(1));
        assertThat(effects.start(run, PING)).as("once it may").isEmpty();
    }

    @Test
    void aJobOfSomebodyElseIsInTheWay() {
        var theirs = new JobBuilder()
                .withNewMetadata()
                .withNamespace("net")
                .withName(NAME)
                .endMetadata()
                .build();
        api.has(theirs);

        assertThatThrownBy(() -> effects.start(run, PING))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("Job " + NAME + " was not made by the operator for this run");
        assertThat(reads().job(key)).isEmpty();
        assertThat(api.names()).containsExactly("jobs/" + NAME, "serviceaccounts/xo-runner");
    }

    private void hasPolicyOfSomebodyElse() {
        api.has(new NetworkPolicyBuilder()
                .withNewMetadata()
                .withNamespace("net")
                .withName(NAME)
                .endMetadata()
                .build());
    }

    /** It would let the pod reach whatever it says. */
    @Test
    void aPolicyThatIsThereBeforeTheJobIsNotBelieved() {
        hasPolicyOfSomebodyElse();

        assertThat(effects.start(run, PING)).isEmpty();
        assertThat(api.get(NetworkPolicy.class, "net", NAME).getSpec().getEgress())
                .isNotEmpty();
    }

    @Test
    void nothingRunsWhereSuchAPolicyCannotBeRemoved() {
        hasPolicyOfSomebodyElse();
        api.refuses("DELETE", "networkpolicies", 403, "not the operator's");

        assertThatThrownBy(() -> effects.start(run, PING))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("NetworkPolicy " + NAME);
        assertThat(api.names()).doesNotContain("jobs/" + NAME, "secrets/" + NAME);
    }

    @Test
    void theSourceThatWasSettledIsCopied() {
        api.has(book);

        assertThat(effects.start(run, files())).isEmpty();
        assertThat(api.get(Secret.class, "net", NAME + "-source").getData()).containsOnlyKeys("play.yml");
    }

    @Test
    void aSourceThatHasChangedSinceIsNotRun() {
        api.has(new ConfigMapBuilder(book).addToData("play.yml", "another").build());

        assertThatThrownBy(() -> effects.start(run, files()))
                .isInstanceOf(StartRefused.class)
                .hasMessageContaining("ConfigMap book has changed while the run was being started");
        assertThat(api.names()).containsExactly("configmaps/book");
    }

    @Test
    void aJobIsStoppedAndSaysWhy() {
        effects.start(run, PING);
        effects.stop("net", NAME, "TimedOut");

        var job = api.get(Job.class, "net", NAME);
        assertThat(job.getSpec().getSuspend()).isTrue();
        assertThat(job.getMetadata().getAnnotations()).containsEntry(RunnerJob.STOPPED_ANNOTATION, "TimedOut");
    }

    @Test
    void aStopThatIsRefusedIsToldToTheCaller() {
        effects.start(run, PING);
        api.refuses("PATCH", "jobs", 500, "no etcd");

        assertThatThrownBy(() -> effects.stop("net", NAME, null)).isInstanceOf(KubernetesClientException.class);
    }

    @Test
    void aJobThatIsGoneIsStoppedAndReleasedAlready() {
        effects.start(run, PING);
        var job = api.get(Job.class, "net", NAME);
        api.lacks(job);
        effects.stop("net", NAME, null);
        effects.release(key, job);

        assertThat(api.names()).doesNotContain("jobs/" + NAME, "secrets/" + NAME);
    }

    @Test
    void whatIsReleasedHasNoSecretsAndGoesByItself() {
        api.has(book);
        effects.start(run, files());
        effects.release(key, api.get(Job.class, "net", NAME));

        assertThat(api.get(Job.class, "net", NAME).getSpec().getTtlSecondsAfterFinished())
                .isEqualTo(600);
        assertThat(api.names()).doesNotContain("secrets/" + NAME, "secrets/" + NAME + "-source");
    }

    /** Otherwise nobody would look for them any more. */
    @Test
    void aJobIsNotReleasedBeforeItsSecretsAreGone() {
        effects.start(run, PING);
        api.refuses("DELETE", "secrets", 503, "no etcd");
        var job = api.get(Job.class, "net", NAME);

        assertThatThrownBy(() -> effects.release(key, job)).isInstanceOf(KubernetesClientException.class);
        assertThat(api.get(Job.class, "net", NAME).getSpec().getTtlSecondsAfterFinished())
                .isNull();
    }

    @Test
    void whyThereIsNoPodIsTheLastThatWasSaid() {
        effects.start(run, PING);
        var job = api.get(Job.class, "net", NAME);
        assertThat(reads().podRefusal(job)).isEmpty();
        for (var said : List.of("first", "exceeded\n quota")) {
            api.has(new EventBuilder()
                    .withNewMetadata()
                    .withNamespace("net")
                    .withName("e-" + said.length())
                    .endMetadata()
                    .withReason("FailedCreate")
                    .withMessage(said)
                    .build());
        }

        assertThat(reads().podRefusal(job)).contains("exceeded quota");
        assertThat(api.requests().getLast().uri())
                .contains("involvedObject.uid", job.getMetadata().getUid(), "FailedCreate");
    }
}
