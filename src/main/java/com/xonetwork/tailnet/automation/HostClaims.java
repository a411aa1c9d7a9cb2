package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.ConcurrencyPolicy;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets a machine be in one run at a time, and keeps the number of Jobs down. What is taken is what live Jobs and pods say of
 * themselves (an annotation), so a restart forgets nothing; a claim only covers the moment until the Job that was just made is in
 * the cache. One operator is at work at a time, so nothing else is needed.
 *
 * <p>Places are shared by namespaces: a namespace without a run gets one, whatever the others have; a run whose container has not
 * begun takes a place of its own namespace only; and a namespace that has more runs lets one that has fewer go first.
 */
final class HostClaims {

    /** A namespace without a run gets a place beyond the others'; all together have so many times their number. */
    private static final long MOST_WITH_GUESTS = 2;

    private final int mostRuns;
    private final Consumer<Set<ResourceID>> wake;
    private final Map<ResourceID, Claim> claims = new HashMap<>();
    private final Set<ResourceID> waiting = new HashSet<>();
    private final Set<ResourceID> waitingForPlace = new HashSet<>();

    /**
     * @param run null for what is left of a run that is gone
     * @param job whose appearance in the cache ends the claim
     * @param begun its container has begun
     */
    private record Claim(
            @Nullable ResourceID run, String namespace, String job, String template, Set<String> hosts, boolean begun) {

        boolean isOf(ResourceID id) {
            return id.equals(run);
        }
    }

    /** @param wake is told of runs that should look again */
    HostClaims(int mostRuns, Consumer<Set<ResourceID>> wake) {
        this.mostRuns = mostRuns;
        this.wake = wake;
    }

    /**
     * Takes the machines for the run, if they and a place are free.
     *
     * @param job name of the Job that is to be made
     * @param jobs that the cache has, of all runs
     * @param pods likewise
     * @return what is in the way, in words for a user; empty when the run may start
     */
    synchronized Optional<String> claim(
            AutomationRun run,
            String job,
            ConcurrencyPolicy policy,
            List<String> hosts,
            List<Job> jobs,
            List<Pod> pods) {
        var made = jobs.stream().map(known -> known.getMetadata().getName()).collect(Collectors.toSet());
        claims.values().removeIf(claim -> made.contains(claim.job()));
        var id = ResourceID.fromResource(run);
        var taken = taken(jobs, pods);
        taken.values().removeIf(claim -> claim.isOf(id));
        var claim = new Claim(
                id,
                id.getNamespace().orElse(""),
                job,
                RunnerJob.templateLabel(run.getSpec().templateRef().name()),
                Set.copyOf(hosts),
                false);
        var inTheWay = obstacle(id, claim, policy, taken.values());
        var placeless = inTheWay.isEmpty() ? noPlace(claim, taken.values()) : Optional.<String>empty();
        if (placeless.isPresent()) {
            waitingForPlace.add(id);
        } else if (waitingForPlace.remove(id)) {
            // Those that let it go first look again.
            wake.accept(Set.copyOf(waiting));
        }
        var obstacle = inTheWay.or(() -> placeless);
        if (obstacle.isPresent()) {
            waiting.add(id);
        } else {
            waiting.remove(id);
            claims.put(id, claim);
        }
        return obstacle;
    }

    /** By Job: what is claimed, what live Jobs have, and what pods have that still end while their Job is gone. */
    private Map<String, Claim> taken(List<Job> jobs, List<Pod> pods) {
        var begun = pods.stream()
                .filter(pod -> JobStates.hasBegun(pod) && !JobStates.hasEnded(pod))
                .map(HostClaims::jobOf)
                .collect(Collectors.toSet());
        var taken = new HashMap<String, Claim>();
        claims.values().forEach(claim -> taken.put(key(claim.namespace(), claim.job()), claim));
        var known = new HashSet<String>();
        for (var job : jobs) {
            var key = key(job.getMetadata().getNamespace(), job.getMetadata().getName());
            known.add(key);
            if (!JobStates.hasEnded(job)) {
                owner(job)
                        .ifPresent(owner ->
                                taken.put(key, of(owner, job, job.getMetadata().getName(), begun.contains(key))));
            }
        }
        for (var pod : pods) {
            var key = jobOf(pod);
            if (!known.contains(key) && !taken.containsKey(key) && !JobStates.hasEnded(pod)) {
                taken.put(key, of(null, pod, pod.getMetadata().getName(), JobStates.hasBegun(pod)));
            }
        }
        return taken;
    }

    private Optional<String> obstacle(ResourceID id, Claim wanted, ConcurrencyPolicy policy, Collection<Claim> taken) {
        var digests =
                wanted.hosts().stream().collect(Collectors.toMap(RunnerJob::hostDigest, name -> name, (a, b) -> a));
        for (var other : taken) {
            if (!other.namespace().equals(wanted.namespace())) {
                continue;
            }
            var run = other.run();
            var name = run == null
                    ? "pod " + other.job() + " of a run that was deleted"
                    : "AutomationRun " + run.getName();
            if (run != null
                    && policy != ConcurrencyPolicy.ALLOW
                    && other.template().equals(wanted.template())) {
                if (policy == ConcurrencyPolicy.REPLACE) {
                    // It finds that it is replaced.
                    waiting.add(id);
                    wake.accept(Set.of(run));
                }
                return Optional.of("waits for " + name + " of the same template (concurrencyPolicy: "
                        + (policy == ConcurrencyPolicy.FORBID ? "Forbid" : "Replace") + ")");
            }
            var shared = other.hosts().stream()
                    .map(host -> digests.getOrDefault(host, host))
                    .filter(wanted.hosts()::contains)
                    .sorted()
                    .toList();
            if (!shared.isEmpty()) {
                return Optional.of("waits for " + name + ", which has " + shared.getFirst()
                        + (shared.size() == 1 ? "" : " and " + (shared.size() - 1) + " more")
                        + ": a machine is in one run at a time");
            }
        }
        return Optional.empty();
    }

    private Optional<String> noPlace(Claim wanted, Collection<Claim> taken) {
        var own = count(taken, wanted.namespace());
        // No namespace counts for more than all places, whatever it has made.
        var others = taken.stream()
                .filter(claim -> !claim.namespace().equals(wanted.namespace()) && claim.begun())
                .collect(Collectors.groupingBy(Claim::namespace, Collectors.counting()))
                .values()
                .stream()
                .mapToLong(count -> Math.min(count, mostRuns))
                .sum();
        if (own > 0 && own + others >= mostRuns || others >= MOST_WITH_GUESTS * mostRuns) {
            return Optional.of("waits for one of " + (own + others) + " runs to end: " + mostRuns
                    + " may go on at a time (tailnet-operator.runs.most-at-once)");
        }
        var free = mostRuns - own - others;
        var first = waitingForPlace.stream()
                .map(id -> id.getNamespace().orElse(""))
                .filter(namespace -> !namespace.equals(wanted.namespace()) && count(taken, namespace) < own)
                .count();
        return own > 0 && first >= free
                ? Optional.of("waits: " + first + " runs of namespaces that have fewer runs go first")
                : Optional.empty();
    }

    private static long count(Collection<Claim> taken, String namespace) {
        return taken.stream()
                .filter(claim -> claim.namespace().equals(namespace))
                .count();
    }

    /** The run waits no more, and has nothing any more but its live Job. */
    synchronized void forget(ResourceID run) {
        waiting.remove(run);
        if (claims.remove(run) != null | waitingForPlace.remove(run)) {
            wake.accept(Set.copyOf(waiting));
        }
    }

    /** Runs that wait for others to end. */
    synchronized Set<ResourceID> waiting() {
        return Set.copyOf(waiting);
    }

    /** Whether the run is accepted, and only waits for others or is about to have its Job. */
    synchronized boolean mayRun(ResourceID run) {
        return waiting.contains(run) || claims.containsKey(run);
    }

    private static Claim of(@Nullable ResourceID run, HasMetadata of, String name, boolean begun) {
        var metadata = of.getMetadata();
        var hosts = metadata.getAnnotations() == null
                ? null
                : metadata.getAnnotations().get(RunnerJob.HOSTS_ANNOTATION);
        return new Claim(
                run,
                String.valueOf(metadata.getNamespace()),
                name,
                String.valueOf(metadata.getLabels().get(RunnerJob.TEMPLATE_LABEL)),
                hosts == null ? Set.of() : Arrays.stream(hosts.split(",", -1)).collect(Collectors.toSet()),
                begun);
    }

    private static String key(@Nullable String namespace, @Nullable String job) {
        return namespace + "/" + job;
    }

    private static String jobOf(Pod pod) {
        return key(
                pod.getMetadata().getNamespace(), pod.getMetadata().getLabels().get(RunObservation.JOB_NAME));
    }

    private static Optional<ResourceID> owner(Job job) {
        return job.getMetadata().getOwnerReferences().stream()
                .findFirst()
                .map(owner -> new ResourceID(owner.getName(), job.getMetadata().getNamespace()));
    }
}
