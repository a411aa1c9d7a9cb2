package com.xonetwork.tailnet.scene;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.kube.SecretData;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Plays Job controller, kubelet and runner for one attempt: the cluster of this level has none of them. */
public final class PlayedPod {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Scene scene;
    private final Job job;
    private final Secret secret;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Map<String, Object>> events = new ArrayList<>();
    private int acknowledged;

    private PlayedPod(Scene scene, Job job, Secret secret) {
        this.scene = scene;
        this.job = job;
        this.secret = secret;
    }

    /** Waits for the attempt's Job, and makes its pod. */
    public static PlayedPod of(Scene scene, String run, int attempt) {
        var uid = scene.get(com.xonetwork.tailnet.api.v1alpha1.AutomationRun.class, run)
                .getMetadata()
                .getUid();
        var name = "xo-run-" + uid + "-" + attempt;
        scene.soon().untilAsserted(() -> assertThat(scene.find(Job.class, name)).isPresent());
        var played = new PlayedPod(scene, scene.get(Job.class, name), scene.get(Secret.class, name));
        played.start();
        return played;
    }

    private void start() {
        var template = job.getSpec().getTemplate();
        var pod = new PodBuilder()
                .withNewMetadata()
                .withName(podName())
                .withLabels(template.getMetadata().getLabels())
                .addToLabels("batch.kubernetes.io/job-name", job.getMetadata().getName())
                .withAnnotations(template.getMetadata().getAnnotations())
                .addNewOwnerReference()
                .withApiVersion("batch/v1")
                .withKind("Job")
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .withController(true)
                .withBlockOwnerDeletion(true)
                .endOwnerReference()
                .endMetadata()
                .withSpec(template.getSpec())
                .build();
        asJobController(client -> client.resource(pod).create());
    }

    /** Nobody else may make these pods, or say that these Jobs have ended. */
    private void asJobController(Consumer<NamespacedKubernetesClient> call) {
        try (var client = scene.cluster().asJobController()) {
            call.accept(client);
        }
    }

    public Job job() {
        return job;
    }

    public String podName() {
        return job.getMetadata().getName() + "-x7k2p";
    }

    public String file(String name) {
        return SecretData.text(secret.getData(), name);
    }

    public JsonNode order() {
        try {
            return JSON.readTree(file("run.json"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public List<String> hosts() {
        return order().path("hosts").findValuesAsText("name");
    }

    /** Tells one event. */
    public PlayedPod tells(String type, Map<String, Object> fields) {
        var event = new java.util.HashMap<>(fields);
        event.put("counter", events.size() + 1);
        event.put("time", Instant.now().toString());
        event.put("type", type);
        events.add(event);
        return this;
    }

    public int told() {
        return events.size();
    }

    /** Sends what the operator does not have yet, as the contract says. @return the status; 0 when it is not there */
    public int push(int most) {
        var batch = events.subList(acknowledged, Math.min(events.size(), acknowledged + most));
        try {
            var answer = post(file("token"), JSON.writeValueAsString(Map.of("events", batch)));
            if (answer.statusCode() == 200) {
                acknowledged = JSON.readTree(answer.body()).path("acknowledged").asInt();
            }
            return answer.statusCode();
        } catch (IOException e) {
            return 0;
        }
    }

    public int acknowledged() {
        return acknowledged;
    }

    public HttpResponse<String> post(String token, String body) throws IOException {
        try {
            return http.send(
                    HttpRequest.newBuilder(URI.create(
                                    order().path("callback").path("url").asText() + "/events"))
                            .header("Authorization", "Bearer " + token)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** A summary for its hosts, in the order of the order. */
    public String summary(String status, String... states) {
        var hosts = hosts();
        var rows = new ArrayList<Map<String, Object>>();
        for (var i = 0; i < hosts.size(); i++) {
            rows.add(Map.of("n", hosts.get(i), "s", states[i], "t", "Check disk", "e", "why " + states[i]));
        }
        var list = List.of(states);
        var ok = list.stream()
                .filter(state -> state.equals("ok") || state.equals("changed"))
                .count();
        try {
            return JSON.writeValueAsString(Map.of(
                    "v",
                    1,
                    "attempt",
                    order().path("run").path("attempt").asInt(),
                    "status",
                    status,
                    "lastCounter",
                    events.size() + 1,
                    "redactions",
                    3,
                    "totals",
                    Map.of(
                            "total", hosts.size(),
                            "ok", ok,
                            "changed", list.stream().filter("changed"::equals).count(),
                            "failed", list.stream().filter("failed"::equals).count(),
                            "unreachable",
                                    list.stream().filter("unreachable"::equals).count(),
                            "skipped", list.stream().filter("skipped"::equals).count()),
                    "hosts",
                    rows,
                    "more",
                    0));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The container ends, and with it the Job. */
    public void ends(String reason, int exitCode, String terminationMessage) {
        scene.changeStatus(
                Pod.class,
                podName(),
                pod -> new PodBuilder(pod)
                        .editOrNewStatus()
                        .withPhase(exitCode == 0 ? "Succeeded" : "Failed")
                        .withContainerStatuses(new ContainerStatusBuilder()
                                .withName("runner")
                                .withImage("runner")
                                .withImageID("sha256:4711")
                                .withReady(false)
                                .withRestartCount(0)
                                .withNewState()
                                .withNewTerminated()
                                .withReason(reason)
                                .withExitCode(exitCode)
                                .withMessage(terminationMessage)
                                .withFinishedAt(Instant.now()
                                        .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                                        .toString())
                                .endTerminated()
                                .endState()
                                .build())
                        .endStatus()
                        .build());
        jobEnds(exitCode == 0 ? "Complete" : "Failed", exitCode == 0 ? "CompletionsReached" : "BackoffLimitExceeded");
    }

    /** The Job controller says that the Job has ended. */
    public void jobEnds(String type, String reason) {
        var now =
                Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString();
        var condition = new JobConditionBuilder()
                .withType(type)
                .withStatus("True")
                .withReason(reason)
                .withLastTransitionTime(now);
        var before = new JobConditionBuilder()
                .withType(type.equals("Complete") ? "SuccessCriteriaMet" : "FailureTarget")
                .withStatus("True")
                .withReason(reason)
                .withLastTransitionTime(now);
        asJobController(client -> Scene.whateverOthersWrite(() -> client.batch()
                .v1()
                .jobs()
                .withName(job.getMetadata().getName())
                .editStatus(there -> {
                    var status = new JobBuilder(there)
                            .editOrNewStatus()
                            .withStartTime(now)
                            .withActive(0);
                    if (type.equals("Suspended")) {
                        return new JobBuilder(there)
                                .editOrNewStatus()
                                .withStartTime(null)
                                .withActive(0)
                                .withConditions(condition.build())
                                .endStatus()
                                .build();
                    }
                    status.withConditions(before.build(), condition.build());
                    if (type.equals("Complete")) {
                        status.withCompletionTime(now).withSucceeded(1);
                    } else {
                        status.withFailed(1);
                    }
                    return status.endStatus().build();
                })));
    }

    public void podIsRemoved() {
        scene.client().pods().withName(podName()).withGracePeriod(0).delete();
    }
}
