package com.xonetwork.tailnet.automation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunStatus.Host;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.automation.AttemptState.JobState;
import com.xonetwork.tailnet.automation.AttemptState.PodEnd;
import com.xonetwork.tailnet.automation.RunPlan.Start;
import com.xonetwork.tailnet.automation.RunPlan.Stop;
import com.xonetwork.tailnet.runner.RunProgress;
import com.xonetwork.tailnet.runner.RunSummary;
import com.xonetwork.tailnet.status.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunPlannerTest {

    private static final YAMLMapper YAML = new YAMLMapper();
    private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");

    private AutomationTemplate template = template("");
    private AutomationRun run = run("");
    private RunSource source = new RunSource(null, null);
    private List<TailnetNode> nodes = List.of(node("web-1", "100.64.0.1"), node("web-2", "100.64.0.2"));
    private Optional<AttemptState> attempt = Optional.empty();
    private Optional<String> replacedBy = Optional.empty();
    private Instant now = NOW;
    private @Nullable String imageId;
    /** The hash that the attempt's own objects have; null where nothing tells. */
    private @Nullable String startedWith;

    private static <R> R read(Class<R> kind, String yaml) {
        try {
            return YAML.readValue(yaml, kind);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(yaml, e);
        }
    }

    private static AutomationTemplate template(String more) {
        return read(AutomationTemplate.class, """
                metadata: {name: ping, namespace: net, generation: 4}
                spec:
                  engine: ansible
                  source: {builtin: xo.tailnet.ping}
                  ssh: {keySecretRef: {name: ssh, key: id}, port: 2222}
                %s
                """.formatted(more.indent(2)));
    }

    private static AutomationRun run(String more) {
        return read(AutomationRun.class, """
                metadata: {name: first, namespace: net, uid: 0b1c, generation: 1, creationTimestamp: "2026-11-24T09:59:00Z"}
                spec:
                  templateRef: {name: ping}
                  targets: {selector: {matchLabels: {role: web}}}
                %s
                """.formatted(more.indent(2)));
    }

    private static TailnetNode node(String name, String address) {
        return read(TailnetNode.class, """
                metadata: {name: %s, namespace: net, labels: {role: web}}
                spec: {hostname: a, tailnetRef: {name: home}}
                status: {address: %s}
                """.formatted(name, address));
    }

    private RunPlan plan() {
        return RunPlanner.plan(new RunInput(run, template, source, nodes, attempt, replacedBy, "runner:1", now));
    }

    private void ended(String states, Instant at) {
        ended(states, at, new AttemptOrder(List.of("web-1", "web-2"), List.of()));
    }

    private void ended(String states, Instant at, AttemptOrder order) {
        var names = states.split(" ");
        var hosts = new StringBuilder();
        for (var i = 0; i < names.length; i++) {
            hosts.append(i == 0 ? "" : ",").append("{\"n\":\"web-%d\",\"s\":\"%s\"}".formatted(i + 1, names[i]));
        }
        var summary = RunSummary.parse(
                "{\"v\":1,\"attempt\":1,\"status\":\"finished\",\"totals\":{\"total\":2},\"hosts\":[" + hosts + "]}");
        attempt = Optional.of(new AttemptState(
                1,
                "xo-run-0b1c-1",
                JobState.ENDED,
                false,
                false,
                new PodEnd("pod", "node", imageId, null, "Completed", 0, summary, true),
                NOW,
                at,
                RunProgress.NONE,
                Optional.of(order),
                null,
                NOW.plusSeconds(600),
                null,
                startedWith));
    }

    private void active(boolean stopping) {
        attempt = Optional.of(new AttemptState(
                1,
                "xo-run-0b1c-1",
                JobState.ACTIVE,
                false,
                stopping,
                new PodEnd("pod", "node", null, "ImagePullBackOff", null, null, Optional.empty(), false),
                NOW,
                null,
                RunProgress.NONE,
                Optional.of(new AttemptOrder(List.of("web-1", "web-2"), List.of())),
                null,
                NOW.plusSeconds(600),
                null,
                startedWith));
    }

    @Test
    void startsOnAllMachinesOfTheSelector() {
        var plan = plan();
        assertThat(plan.phase()).isEqualTo(RunPhase.RUNNING);
        assertThat(plan.action()).isInstanceOfSatisfying(Start.class, start -> {
            assertThat(start.attempt()).isEqualTo(1);
            assertThat(start.order()).isEqualTo(new AttemptOrder(List.of("web-1", "web-2"), List.of()));
            assertThat(start.inputs().hosts())
                    .containsExactly(
                            new RunHost("web-1", "100.64.0.1", 2222, "root", null),
                            new RunHost("web-2", "100.64.0.2", 2222, "root", null));
            assertThat(start.inputs().image()).isEqualTo("runner:1");
        });
    }

    /** One machine that is not there does not hold the others, and is not forgotten. */
    @Test
    void aMachineThatHasNotJoinedIsLeftOutAndCountsAsUnreachable() {
        nodes = List.of(node("web-1", "100.64.0.1"), node("web-2", "100.64.0.2"), node("web-3", "null"));
        template = template("retries: 3");
        var first = plan();
        assertThat(first.message()).contains("on 2 machines", "left out: web-3");
        var order = ((Start) first.action()).order();
        assertThat(order.hosts()).containsExactly("web-1", "web-2");
        assertThat(order.absent()).containsExactly("web-3");
        assertThat(order.carried()).singleElement().satisfies(host -> {
            assertThat(host.name()).isEqualTo("web-3");
            assertThat(host.state()).isEqualTo(HostState.UNREACHABLE);
            assertThat(host.firstError()).contains("no tailnet address");
        });

        startedWith = ((Start) first.action()).inputs().hash();
        ended("ok failed", NOW, order);
        now = NOW.plusSeconds(60);
        // It has joined by now: the further attempt is for those of the first all the same.
        nodes = List.of(node("web-1", "100.64.0.1"), node("web-2", "100.64.0.2"), node("web-3", "100.64.0.3"));
        assertThat(plan().action()).isInstanceOfSatisfying(Start.class, start -> {
            assertThat(start.order().hosts()).containsExactly("web-2");
            assertThat(start.order().absent()).containsExactly("web-3");
            assertThat(start.order().carried()).extracting(Host::name).containsExactlyInAnyOrder("web-1", "web-3");
        });

        ended("ok ok", NOW, order);
        var done = plan();
        assertThat(done.phase()).isEqualTo(RunPhase.PARTIALLY_FAILED);
        assertThat(done.message()).contains("2 of 3 ok", "1 unreachable");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // template | run -> phase, reason, part of the message
                "source: {builtin: ping} | | PENDING | INVALID | xo.tailnet.ping",
                "parameters: {type: array} | | PENDING | INVALID | type: object",
                "parameters: {type: object, additionalProperties: false, properties: {x: {type: nonsense}}} | | PENDING | INVALID | properties.x.type",
                "parameters: {type: object, additionalProperties: false, properties: {x: {$ref: 'http://192.0.2.1/x'}}} | parameters: {x: 1} | PENDING | INVALID | properties.x.$ref",
                "parameters: {type: object, properties: {x: {}}} | | PENDING | INVALID | additionalProperties: false",
                "parameters: {type: object, additionalProperties: false, properties: {ansible_user: {}}} | | PENDING | INVALID | ansible_user",
                "secrets: [{variable: vars, secretRef: {name: a, key: b}}] | | PENDING | INVALID | vars",
                " | parameters: {x: 1} | FAILED | INVALID_PARAMETERS | takes no parameters",
                "parameters: {type: object, additionalProperties: false, required: [x]} | | FAILED | INVALID_PARAMETERS | x",
                "parameters: {type: object, additionalProperties: false} | parameters: {ansible_host: x} | FAILED | INVALID_PARAMETERS | ansible_host",
                "parameters: {type: object, additionalProperties: false, properties: {x: {enum: [a]}}} | parameters: {x: b} | FAILED | INVALID_PARAMETERS | a",
                " | targets: {nodes: [{name: web-9}]} | PENDING | TARGETS_NOT_FOUND | web-9",
                " | targets: {selector: {matchLabels: {role: db}}} | PENDING | TARGETS_NOT_FOUND | labels",
                " | targets: {nodes: [{name: web-1}, {name: web-1}]} | FAILED | TARGETS_NOT_FOUND | twice",
                " | cancel: true | CANCELLED | CANCELLED | before it began",
            })
    void whatCannotStart(String ofTemplate, String ofRun, RunPhase phase, Reason reason, String message) {
        template = template(ofTemplate == null ? "" : ofTemplate);
        run = run(ofRun == null ? "" : ofRun);
        var plan = plan();
        assertThat(plan.phase()).as(plan.message()).isEqualTo(phase);
        assertThat(plan.reason()).isEqualTo(reason);
        assertThat(plan.message()).contains(message);
        assertThat(plan.action()).isEqualTo(RunPlan.NONE);
    }

    @Test
    void theTemplatesDefaultsCompleteTheParameters() {
        template = template(
                "parameters: {type: object, additionalProperties: false, properties: {x: {default: 1}, y: {default: 2}}}");
        run = run("parameters: {y: 3}");
        assertThat(plan().action()).isInstanceOfSatisfying(Start.class, start -> {
            assertThat(start.inputs().parameters().path("x").asInt()).isEqualTo(1);
            assertThat(start.inputs().parameters().path("y").asInt()).isEqualTo(3);
        });
    }

    @Test
    void aMachineWithoutAnAddressIsNamed() {
        nodes = List.of(node("web-1", "null"), node("web-2", "null"));
        assertThat(plan().phase()).as("there is nobody to begin with").isEqualTo(RunPhase.PENDING);
        assertThat(plan().message()).contains("not known where to find web-1, web-2", "the run starts when");
    }

    @Test
    void theHashIsOfAllThatDecides() {
        var hash = hash();
        assertThat(hash()).isEqualTo(hash);
        nodes = List.of(node("web-1", "100.64.0.1"), node("web-2", "100.64.0.9"));
        assertThat(hash()).isNotEqualTo(hash);
        nodes = List.of(node("web-2", "100.64.0.2"), node("web-1", "100.64.0.1"));
        assertThat(hash()).as("the order of the cache is none").isEqualTo(hash);
        source = new RunSource("digest", null);
        assertThat(hash()).isNotEqualTo(hash);
        source = new RunSource(null, null);
        run = run("checkMode: true");
        assertThat(hash()).isNotEqualTo(hash);
        run = run("");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "true | secrets: [{variable: x, secretRef: {name: a, key: b}}]",
                "true | ssh: {keySecretRef: {name: other, key: id}, port: 2222}",
                "true | ssh: {keySecretRef: {name: ssh, key: id}, port: 2222, hostKeys: TrustOnFirstUse}",
                "true | timeouts: {run: 2h}",
                "true | retries: 1",
                "true | retryScope: All",
                "true | retryBackoff: 1m",
                "true | forks: 2",
                "true | concurrencyPolicy: Replace",
                "true | targets: {override: true}",
                "true | resources: {memoryLimit: 2Gi}",
                "true | image: other",
                "true | source: {builtin: xo.tailnet.tailscale}",
                "false | description: changes nothing that it does",
                "false | approvalTimeout: 2h",
                "false | checkModeRequiresApproval: false",
            })
    void theHashIsOfAllOfTheTemplateThatDecides(boolean decides, String field) {
        var hash = hash();
        template = template(field);
        assertThat(hash().equals(hash)).isNotEqualTo(decides);
    }

    /** What is approved is what the runner gets. */
    @Test
    void theTemplatesDefaultsAreParametersLikeAnyOther() {
        var schema =
                "parameters: {type: object, additionalProperties: false, properties: {x: {type: string, default: %s}}}";
        template = template(schema.formatted("a"));
        var hash = hash();
        assertThat(((Start) plan().action()).inputs().parameters().path("x").asText())
                .isEqualTo("a");
        run = run("parameters: {x: a}");
        assertThat(hash()).isEqualTo(hash);
        template = template(schema.formatted("b"));
        assertThat(hash()).as("said by the run").isEqualTo(hash);
        run = run("");
        assertThat(hash()).isNotEqualTo(hash);
    }

    /** Or the approval of one would be good for all that are equal. */
    @Test
    void noOtherRunHasItsHash() {
        var hash = hash();
        run.getMetadata().setName("second");
        assertThat(hash()).as("a name can be taken again").isEqualTo(hash);
        run.getMetadata().setUid("0b1d");
        assertThat(hash()).isNotEqualTo(hash);
        run.getMetadata().setUid("0b1c");
        run.getMetadata().setNamespace("other");
        assertThat(hash()).isNotEqualTo(hash);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "requireApproval: true | | AWAITING_APPROVAL",
                "requireApproval: true | checkMode: true | AWAITING_APPROVAL",
                "requireApproval: true;checkModeRequiresApproval: true | checkMode: true | AWAITING_APPROVAL",
                "requireApproval: true;checkModeRequiresApproval: false | checkMode: true | RUNNING",
                "requireApproval: true;checkModeRequiresApproval: false | | AWAITING_APPROVAL",
                " | requireApproval: true | AWAITING_APPROVAL",
                " | requireApproval: true;checkMode: true | AWAITING_APPROVAL",
                "checkModeRequiresApproval: false | requireApproval: true;checkMode: true | AWAITING_APPROVAL",
                " | checkMode: true | RUNNING",
            })
    void whatWaitsForApproval(String ofTemplate, String ofRun, RunPhase phase) {
        template = template(ofTemplate == null ? "" : ofTemplate.replace(';', '\n'));
        run = run(ofRun == null ? "" : ofRun.replace(';', '\n'));
        assertThat(plan().phase()).isEqualTo(phase);
    }

    @Test
    void anApprovalOfAnotherRunAndOneOfACancelledRunStartNothing() {
        template = template("requireApproval: true");
        run = run("approval: {decision: Approve, inputsHash: %s}"
                .formatted(plan().inputs().hash()));
        assertThat(plan().action()).isInstanceOf(Start.class);
        run.getMetadata().setUid("0b1d");
        assertThat(plan().phase()).isEqualTo(RunPhase.AWAITING_APPROVAL);
        assertThat(plan().message()).contains("made for another run", "Create another AutomationRun");
        run.getMetadata().setUid("0b1c");
        run = run("cancel: true\napproval: {decision: Approve, inputsHash: %s}"
                .formatted(plan().inputs().hash()));
        assertThat(plan().phase()).isEqualTo(RunPhase.CANCELLED);
        assertThat(plan().action()).isEqualTo(RunPlan.NONE);
    }

    @Test
    void whyThereIsNoOtherAttemptIsSaid() {
        run = run("targets: {nodes: [{name: web-1, address: 192.0.2.1}, {name: web-2}]}");
        template = template("retries: 1\nretryBackoff: 1s\ntargets: {override: true}");
        run.setStatus(RunStatuses.of(run, plan(), attempt, Optional.empty(), NOW));
        ended("ok failed", NOW);
        now = NOW.plusSeconds(5);
        assertThat(plan().action()).isInstanceOf(Start.class);
        template = template("retries: 1\nretryBackoff: 1s");
        assertThat(plan().phase()).isEqualTo(RunPhase.PARTIALLY_FAILED);
        assertThat(plan().message()).contains("Not tried again: ", "does not let a run give address");
    }

    /** Approval was asked for after the first attempt, or a stranger's Job passed for one. */
    @Test
    void whatNobodyApprovedIsNotTriedAgain() {
        template = template("retries: 1\nretryBackoff: 1s");
        run.setStatus(RunStatuses.of(run, plan(), attempt, Optional.empty(), NOW));
        ended("ok failed", NOW);
        now = NOW.plusSeconds(5);
        assertThat(plan().action()).isInstanceOf(Start.class);
        template = template("retries: 1\nretryBackoff: 1s\nrequireApproval: true");
        assertThat(plan().action()).isNotInstanceOf(Start.class);
        assertThat(plan().message()).contains("Not tried again: ", "nobody approved");
    }

    private String hash() {
        return ((Start) plan().action()).inputs().hash();
    }

    @Test
    void anApprovalExpires() {
        template = template("{requireApproval: true, approvalTimeout: 2h}"
                .replaceAll("[{}]", "")
                .replace(", ", "\n"));
        var waiting = plan();
        assertThat(waiting.phase()).isEqualTo(RunPhase.AWAITING_APPROVAL);
        assertThat(waiting.lookAgain()).contains(Duration.ofHours(2));
        run.setStatus(RunStatuses.of(run, waiting, attempt, Optional.empty(), NOW));

        now = NOW.plus(Duration.ofHours(1));
        assertThat(plan().lookAgain()).as("from the first time on").contains(Duration.ofHours(1));
        now = NOW.plus(Duration.ofHours(2));
        assertThat(plan().reason()).isEqualTo(Reason.APPROVAL_EXPIRED);

        // Other inputs, other time.
        nodes = List.of(node("web-1", "100.64.0.7"));
        assertThat(plan().phase()).isEqualTo(RunPhase.AWAITING_APPROVAL);
    }

    @ParameterizedTest
    @CsvSource({"Approve, RUNNING", "Deny, CANCELLED"})
    void aDecisionCountsForItsHash(String decision, RunPhase phase) {
        template = template("requireApproval: true");
        AutomationRunStatus status = RunStatuses.of(run, plan(), attempt, Optional.empty(), NOW);
        var approval = "approval: {decision: %s, inputsHash: %s, by: jane}";
        run = run(approval.formatted(decision, status.inputsHash()));
        assertThat(plan().phase()).isEqualTo(phase);
        run = run(approval.formatted(decision, "0123456789abcdef"));
        assertThat(plan().phase()).isEqualTo(RunPhase.AWAITING_APPROVAL);
        assertThat(plan().message()).contains("spec.approval is for inputsHash 0123456789abcdef");
    }

    @Test
    void whatIsStartedDoesNotDependOnItsTemplateAnyMore() {
        active(false);
        template = template("source: {builtin: ping}");
        var plan = plan();
        assertThat(plan.phase()).isEqualTo(RunPhase.RUNNING);
        assertThat(plan.message()).contains("ImagePullBackOff");

        run = run("cancel: true");
        assertThat(plan().phase()).isEqualTo(RunPhase.CANCELLING);
        assertThat(plan().action()).isEqualTo(new Stop("xo-run-0b1c-1", null));
        active(true);
        assertThat(plan().action()).as("once is enough").isEqualTo(RunPlan.NONE);
    }

    @Test
    void anotherAttemptComesLaterAndOnlyForWhatFailed() {
        template = template("retries: 1\nretryBackoff: 30s");
        startedWith = hash();
        ended("ok failed", NOW);
        now = NOW.plusSeconds(10);
        var waiting = plan();
        assertThat(waiting.phase()).isEqualTo(RunPhase.QUEUED);
        assertThat(waiting.lookAgain()).contains(Duration.ofSeconds(20).plusMillis(1));

        now = NOW.plusSeconds(31);
        assertThat(plan().action()).isInstanceOfSatisfying(Start.class, start -> {
            assertThat(start.attempt()).isEqualTo(2);
            assertThat(start.order().hosts()).containsExactly("web-2");
            assertThat(start.order().carried())
                    .singleElement()
                    .satisfies(host -> assertThat(host.name()).isEqualTo("web-1"));
        });
        run = run("cancel: true");
        assertThat(plan().phase()).as("a result that is there is not cancelled").isEqualTo(RunPhase.PARTIALLY_FAILED);
    }

    @Test
    void noOtherAttemptOnOtherInputs() {
        template = template("retries: 1\nretryBackoff: 1s");
        run.setStatus(RunStatuses.of(run, plan(), attempt, Optional.empty(), NOW));
        ended("ok failed", NOW);
        now = NOW.plusSeconds(5);
        assertThat(plan().action()).isInstanceOf(Start.class);
        template = template("retries: 1\nretryBackoff: 1s\nforks: 99");
        assertThat(plan().phase()).isEqualTo(RunPhase.PARTIALLY_FAILED);
        assertThat(plan().message()).contains("Not tried again");
    }

    /** The operator ended between the Job and the status: the Job is all that tells what was started. */
    @Test
    void anAttemptThatTheStatusDoesNotKnowOfSaysWhatItWasStartedWith() {
        template = template("retries: 1\nretryBackoff: 1s");
        startedWith = hash();
        ended("ok failed", NOW);
        now = NOW.plusSeconds(5);
        assertThat(run.getStatus()).isNull();
        assertThat(plan().action()).isInstanceOf(Start.class);
        assertThat(RunStatuses.of(run, plan(), attempt, Optional.empty(), now).inputsHash())
                .isEqualTo(startedWith);

        template = template("retries: 1\nretryBackoff: 1s\nforks: 99");
        assertThat(plan().message()).contains("Not tried again", "have changed since");
        assertThat(RunStatuses.of(run, plan(), attempt, Optional.empty(), now).inputsHash())
                .isEqualTo(startedWith);
        // A status of an older look does not count beside it.
        attempt = Optional.empty();
        run.setStatus(RunStatuses.of(run, plan(), attempt, Optional.empty(), NOW));
        ended("ok failed", NOW);
        assertThat(plan().message()).contains("Not tried again", "have changed since");
    }

    /** A tag that is moved between two attempts would have another image run than the one that was approved. */
    @ParameterizedTest
    @CsvSource({
        "ghcr.io/x/runner:1, ghcr.io/x/runner, ghcr.io/x/runner",
        "ghcr.io/x/runner, ghcr.io/x/runner, ghcr.io/x/runner",
        "localhost:5000/runner:1, localhost:5000/runner, localhost:5000/runner",
        "localhost:5000/runner, localhost:5000/runner, localhost:5000/runner",
        "runner:1, docker.io/library/runner, runner",
        "x/runner:1, docker-pullable://docker.io/x/runner, x/runner",
        // Brought to the node by hand, or under another name: that one may not be there to be pulled.
        "runner:1, docker.io/library/import-2026-11-24, ",
        "ghcr.io/x/runner:1, mirror.example/x/runner, ",
    })
    void anotherAttemptHasTheImageOfTheFirst(String image, String pulled, String pinned) {
        var digest = "@sha256:" + "4711".repeat(16);
        template = template("retries: 1\nretryBackoff: 1s\nimage: " + image);
        startedWith = hash();
        imageId = pulled + digest;
        ended("ok failed", NOW);
        now = NOW.plusSeconds(5);
        assertThat(plan().action()).isInstanceOfSatisfying(Start.class, start -> {
            assertThat(start.inputs().image()).isEqualTo(pinned == null ? image : pinned + digest);
            assertThat(start.inputs().hash()).as("nothing else is approved").isEqualTo(startedWith);
        });
        var status = RunStatuses.of(run, plan(), attempt, Optional.empty(), now);
        assertThat(status.inputs().image()).as("as asked for").isEqualTo(image);

        // The next look is at an attempt that has no pod yet: what is recorded stays.
        run.setStatus(status);
        imageId = null;
        ended("ok failed", NOW);
        assertThat(RunStatuses.of(run, plan(), attempt, Optional.empty(), now)
                        .inputs()
                        .imageId())
                .isEqualTo(pulled + digest);
        assertThat(((Start) plan().action()).inputs().image()).isEqualTo(pinned == null ? image : pinned + digest);
    }

    @ParameterizedTest
    @ValueSource(strings = {"sha256:4711", "ghcr.io/x/runner@sha256:47", "ghcr.io/x/runner:2", ""})
    void whatIsNoDigestOfARegistryPinsNothing(String said) {
        template = template("retries: 1\nretryBackoff: 1s\nimage: ghcr.io/x/runner:1");
        startedWith = hash();
        imageId = said;
        ended("ok failed", NOW);
        now = NOW.plusSeconds(5);
        assertThat(((Start) plan().action()).inputs().image()).isEqualTo("ghcr.io/x/runner:1");
    }

    @Test
    void withoutAnyRecordOfWhatWasStartedThereIsNoOtherAttempt() {
        template = template("retries: 1\nretryBackoff: 1s");
        ended("ok failed", NOW);
        now = NOW.plusSeconds(5);
        assertThat(plan().phase()).isEqualTo(RunPhase.PARTIALLY_FAILED);
        assertThat(plan().message()).contains("Not tried again: it is no longer known what attempt 1 was started with");
    }

    @Test
    void aLaterRunReplacesIt() {
        replacedBy = Optional.of("second");
        assertThat(plan().message()).contains("replaced by second");
        active(false);
        assertThat(plan().action()).isEqualTo(new Stop("xo-run-0b1c-1", null));
    }

    @Test
    void anAttemptThatDoesNotBeginIsEndedWithItsCause() {
        active(false);
        var waits = plan();
        assertThat(waits.phase()).isEqualTo(RunPhase.RUNNING);
        assertThat(waits.message()).contains("ImagePullBackOff");
        assertThat(waits.action()).isEqualTo(RunPlan.NONE);
        assertThat(waits.next()).isPresent();

        now = NOW.plusSeconds(600);
        var ends = plan();
        assertThat(ends.phase()).isEqualTo(RunPhase.RUNNING);
        assertThat(ends.action())
                .isInstanceOfSatisfying(
                        Stop.class,
                        stop -> assertThat(stop.cause())
                                .contains("No container of attempt 1 began within 600s: ImagePullBackOff"));
    }
}
