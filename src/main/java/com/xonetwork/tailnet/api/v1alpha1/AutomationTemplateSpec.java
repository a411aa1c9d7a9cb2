package com.xonetwork.tailnet.api.v1alpha1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.crd.generator.annotation.PreserveUnknownFields;
import io.fabric8.crd.generator.annotation.SchemaFrom;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An automation that may be run: the allow-list. Who may change templates decides what can be executed. */
@ValidationRule(
        value = "!has(self.secrets) || self.secrets.all(s, self.secrets.exists_one(t, t.variable == s.variable))",
        message = "each variable can get only one secret")
@ValidationRule(
        value = "!has(self.secrets) || self.secrets.all(s, !s.variable.startsWith('ansible_'))",
        message = "secrets must not set variables of Ansible's own (ansible_...)")
@ValidationRule(
        value =
                "!has(self.retryBackoff) || duration(self.retryBackoff) >= duration('1s') && duration(self.retryBackoff) <="
                        + " duration('1h')",
        message = "retryBackoff must be between 1s and 1h")
@ValidationRule(
        value = "!has(self.approvalTimeout) || duration(self.approvalTimeout) >= duration('1m') &&"
                + " duration(self.approvalTimeout) <= duration('168h')",
        message = "approvalTimeout must be between 1m and 168h")
@ValidationRule(
        value =
                "!has(self.imagePullSecrets) || self.imagePullSecrets.all(s, self.imagePullSecrets.exists_one(t, t.name == s.name))",
        message = "imagePullSecrets must name each Secret once")
@ValidationRule(
        value = "!has(self.ttlSecondsAfterFinished) || self.ttlSecondsAfterFinished <= 31536000",
        message = "ttlSecondsAfterFinished must be at most 31536000, which is a year")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record AutomationTemplateSpec(
        @Required @JsonPropertyDescription(AutomationEngine.NAMES)
        AutomationEngine engine,

        @Required @JsonPropertyDescription("The playbook or task.")
        AutomationSource source,

        @Size(max = 200)
        @JsonPropertyDescription("What the automation does, for those who choose a template.")
        @Nullable
        String description,

        @JsonDeserialize(using = BoundedJson.class)
        @PreserveUnknownFields
        @SchemaFrom(type = Map.class)
        @JsonPropertyDescription(
                "JSON Schema of a run's parameters: type object, additionalProperties false, no references and no"
                        + " combinations of schemas, patterns of RE2 syntax, at most 64 KiB. A default is used if a run gives no value."
                        + " Absent: a run can have no parameters.")
        @Nullable
        JsonNode parameters,

        @Size(max = 32) @JsonPropertyDescription("Secrets that the automation gets, by name.")
        List<AutomationSecret> secrets,

        @Required @JsonPropertyDescription("How the runner logs in to the machines.")
        AutomationSsh ssh,

        @JsonPropertyDescription("What a run may set for its machines.")
        TemplateTargets targets,

        @JsonPropertyDescription("Time limits.") AutomationTimeouts timeouts,

        @Default("0")
        @Min(0)
        @Max(10)
        @JsonPropertyDescription("Number of further attempts after an attempt that failed on a machine.")
        Integer retries,

        @Default("FailedHosts")
        @JsonPropertyDescription(
                "Which machines a further attempt runs on: All, FailedHosts (failed and unreachable) or UnreachableHosts.")
        RetryScope retryScope,

        @Default("10s")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("Time before the second attempt. It doubles before each further one.")
        String retryBackoff,

        @Default("Allow")
        @JsonPropertyDescription(
                "What happens to another run of this template while one is active. Allow: both run. Forbid: the later one"
                        + " waits. Replace: the earlier one is cancelled. One machine never has two runs at a time.")
        ConcurrencyPolicy concurrencyPolicy,

        @Default("false")
        @JsonPropertyDescription(
                "true holds each run until somebody approves its status.inputsHash. That needs the right to update"
                        + " automationruns/approval.")
        Boolean requireApproval,

        @Default("true")
        @JsonPropertyDescription(
                "false lets a run with checkMode start without approval, even with requireApproval. That is safe only if"
                        + " nothing acts in check mode. Tasks with check_mode: false and most commands of Fabric tasks do act, and the"
                        + " runner logs in and has the secrets.")
        Boolean checkModeRequiresApproval,

        @Default("24h")
        @Size(min = 2, max = 20)
        @Pattern(DurationText.PATTERN)
        @JsonPropertyDescription("How long a run waits for approval before it is denied.")
        String approvalTimeout,

        @Default("10")
        @Min(1)
        @Max(100)
        @JsonPropertyDescription("Number of machines that the runner works on at the same time.")
        Integer forks,

        @JsonPropertyDescription("Resource requests and limits of the runner's container.")
        RunnerResources resources,

        @Size(min = 1, max = 512)
        @JsonPropertyDescription(
                "Image of the runner. It must implement the runner contract. Absent: the operator's default image.")
        @Nullable
        String image,

        @Size(max = 8)
        @JsonPropertyDescription(
                "Image pull Secrets (type kubernetes.io/dockerconfigjson), in addition to those of the operator's"
                        + " configuration.")
        List<LocalRef> imagePullSecrets,

        @Min(60)
        @JsonPropertyDescription(
                "Seconds after its end at which a run of this template is removed, with its events. At least 60. Absent: no"
                        + " run is removed because of its age. Do not set this field, nor the history limits, if such runs are in Git"
                        + " with fixed names: GitOps tools would create a removed run again, and it would be executed again. Three kinds"
                        + " of runs are never removed: runs with a mark of Argo CD, Flux, Helm, Fleet or kapp, runs that belong to"
                        + " another object, and, for 24 hours, runs that were ordered with an Idempotency-Key.")
        @Nullable
        Integer ttlSecondsAfterFinished,

        @Min(0)
        @Max(10000)
        @JsonPropertyDescription(
                "Number of Succeeded runs of this template that are kept. The oldest are removed, a minute after their end at"
                        + " the earliest. The exceptions of ttlSecondsAfterFinished apply. Absent: all are kept.")
        @Nullable
        Integer successfulRunsHistoryLimit,

        @Min(0)
        @Max(10000)
        @JsonPropertyDescription(
                "The same limit for runs that ended in any other way. Runs that never started are counted separately. Absent:"
                        + " all are kept.")
        @Nullable
        Integer failedRunsHistoryLimit) {

    public AutomationTemplateSpec {
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
        targets = targets == null ? TemplateTargets.DEFAULT : targets;
        timeouts = timeouts == null ? AutomationTimeouts.DEFAULT : timeouts;
        retries = retries == null ? 0 : retries;
        retryScope = retryScope == null ? RetryScope.FAILED_HOSTS : retryScope;
        retryBackoff = retryBackoff == null ? "10s" : retryBackoff;
        concurrencyPolicy = concurrencyPolicy == null ? ConcurrencyPolicy.ALLOW : concurrencyPolicy;
        requireApproval = requireApproval != null && requireApproval;
        checkModeRequiresApproval = checkModeRequiresApproval == null || checkModeRequiresApproval;
        approvalTimeout = approvalTimeout == null ? "24h" : approvalTimeout;
        forks = forks == null ? 10 : forks;
        resources = resources == null ? RunnerResources.DEFAULT : resources;
        imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
    }
}
