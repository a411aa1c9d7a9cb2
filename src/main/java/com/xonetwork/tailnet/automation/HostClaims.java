package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.ConcurrencyPolicy;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Lets a machine be in one run at a time, and keeps the number of Jobs down. What is taken is what live Jobs say of themselves
 * (an annotation), so a restart forgets nothing; a claim only covers the moment until the Job that was just made is in the cache.
 * One operator is at work at a time, so nothing else is needed.
 */
final class HostClaims {

    private final int mostRuns;
    private final Map<ResourceID, Claim> claims = new HashMap<>();
    private final Set<ResourceID> waiting = new HashSet<>();

    /** @param job whose appearance in the cache ends the claim */
    private record Claim(String job, String template, Set<String> hosts) {}

    HostClaims(int mostRuns) {
        this.mostRuns = mostRuns;
    }

    /**
     * Takes the machines for the run, if they and a place are free.
     *
     * @param job name of the Job that is to be made
     * @param jobs that the cache has, of all runs
     * @return what is in the way, in words for a user; empty when the run may start
     */
    synchronized Optional<String> claim(
            AutomationRun run, String job, ConcurrencyPolicy policy, List<String> hosts, List<Job> jobs) {
        var made = jobs.stream().map(known -> known.getMetadata().getName()).collect(Collectors.toSet());
        claims.values().removeIf(claim -> made.contains(claim.job()));
        var taken = new HashMap<>(claims);
        jobs.stream()
                .filter(known -> !JobStates.hasEnded(known))
                .forEach(live -> owner(live).ifPresent(owner -> taken.put(owner, claimOf(live))));
        var id = ResourceID.fromResource(run);
        taken.remove(id);
        var claim = new Claim(
                job, RunnerJob.templateLabel(run.getSpec().templateRef().name()), Set.copyOf(hosts));
        var obstacle = obstacle(id.getNamespace().orElse(""), claim, policy, taken);
        if (obstacle.isPresent()) {
            waiting.add(id);
        } else {
            waiting.remove(id);
            claims.put(id, claim);
        }
        return obstacle;
    }

    private Optional<String> obstacle(
            String namespace, Claim wanted, ConcurrencyPolicy policy, Map<ResourceID, Claim> taken) {
        for (var other : taken.entrySet()) {
            if (!other.getKey().getNamespace().orElse("").equals(namespace)) {
                continue;
            }
            var name = other.getKey().getName();
            if (policy != ConcurrencyPolicy.ALLOW && other.getValue().template().equals(wanted.template())) {
                return Optional.of("waits for AutomationRun " + name + " of the same template (concurrencyPolicy: "
                        + (policy == ConcurrencyPolicy.FORBID ? "Forbid" : "Replace") + ")");
            }
            var shared = other.getValue().hosts().stream()
                    .filter(wanted.hosts()::contains)
                    .sorted()
                    .toList();
            if (!shared.isEmpty()) {
                return Optional.of("waits for AutomationRun " + name + ", which has " + shared.getFirst()
                        + (shared.size() == 1 ? "" : " and " + (shared.size() - 1) + " more")
                        + ": a machine is in one run at a time");
            }
        }
        return taken.size() < mostRuns
                ? Optional.empty()
                : Optional.of(
                        "waits for one of " + taken.size() + " runs to end: " + mostRuns + " may go on at a time");
    }

    /** The run waits no more. */
    synchronized void forget(ResourceID run) {
        claims.remove(run);
        waiting.remove(run);
    }

    /** Runs that wait for others to end. */
    synchronized Set<ResourceID> waiting() {
        return Set.copyOf(waiting);
    }

    private static Claim claimOf(Job job) {
        var metadata = job.getMetadata();
        var hosts = metadata.getAnnotations() == null
                ? null
                : metadata.getAnnotations().get(RunnerJob.HOSTS_ANNOTATION);
        return new Claim(
                metadata.getName(),
                String.valueOf(metadata.getLabels().get(RunnerJob.TEMPLATE_LABEL)),
                hosts == null ? Set.of() : Arrays.stream(hosts.split(",", -1)).collect(Collectors.toSet()));
    }

    private static Optional<ResourceID> owner(Job job) {
        return job.getMetadata().getOwnerReferences().stream()
                .findFirst()
                .map(owner -> new ResourceID(owner.getName(), job.getMetadata().getNamespace()));
    }
}
