package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.ConcurrencyPolicy;
import com.xonetwork.tailnet.status.Abridged;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Lets a machine be in one run at a time, and keeps the number of Jobs down. What is taken is what live Jobs and pods say of
 * themselves (an annotation), so a restart forgets nothing; a claim only covers the moment until the Job that was just made is in
 * the cache. One operator is at work at a time, so nothing else is needed.
 *
 * <p>Places are shared by namespaces: a namespace without a run gets one, whatever the others have; a run whose container has not
 * begun takes a place of its own namespace only; and a namespace that has more runs lets one that has fewer go first.
 *
 * <p>Each run that waits knows what it waits for. When that is over one run is woken for each machine that became free, and one
 * of each namespace for the place; the next is woken when that one has started, or waits for something else.
 */
final class HostClaims {

    /** A namespace without a run gets a place beyond the others'; all together have so many times their number. */
    private static final long MOST_WITH_GUESTS = 2;

    /** The machines of a larger run that waits are not kept. It is taken to want some that every other large run wants. */
    private static final int MOST_HOSTS_KEPT = 64;

    private final int mostRuns;
    private final Consumer<Set<ResourceID>> wake;
    private final Map<ResourceID, Claim> claims = new HashMap<>();
    /** In the order in which they came. */
    private final Map<ResourceID, Waiting> waiting = new LinkedHashMap<>();

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

        String key() {
            return HostClaims.key(namespace, job);
        }

        Claim withHosts(Set<String> others) {
            return new Claim(run, namespace, job, template, others, begun);
        }
    }

    /** @param behind the Job that is in the way, by {@link #key}; null when all places are taken */
    private record Waiting(
            Claim wanted,
            ConcurrencyPolicy policy,
            @Nullable String behind) {

        static Waiting of(Claim wanted, ConcurrencyPolicy policy, @Nullable String behind) {
            return new Waiting(
                    wanted.hosts().size() <= MOST_HOSTS_KEPT ? wanted : wanted.withHosts(Set.of()), policy, behind);
        }

        boolean collidesWith(Claim other) {
            return wanted.namespace().equals(other.namespace())
                    && (policy != ConcurrencyPolicy.ALLOW && wanted.template().equals(other.template())
                            || wanted.hosts().isEmpty() && other.hosts().isEmpty()
                            || !Collections.disjoint(wanted.hosts(), other.hosts()));
        }
    }

    private record Obstacle(String behind, String words) {}

    /** @param wake is told of runs that should look again */
    HostClaims(int mostRuns, Consumer<Set<ResourceID>> wake) {
        this.mostRuns = mostRuns;
        this.wake = wake;
    }

    /**
     * Takes the machines for the run, if they and a place are free.
     *
     * @param job name of the Job that is to be made
     * @param knownJobs that the cache has, of all runs; asked while nobody can be told that one has ended, or the run could wait
     *     for what is over
     * @param knownPods likewise
     * @return what is in the way, in words for a user; empty when the run may start
     */
    synchronized Optional<String> claim(
            AutomationRun run,
            String job,
            ConcurrencyPolicy policy,
            List<String> hosts,
            Supplier<List<Job>> knownJobs,
            Supplier<List<Pod>> knownPods) {
        var jobs = knownJobs.get();
        var pods = knownPods.get();
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
        var inTheWay = obstacle(claim, policy, taken);
        var placeless = inTheWay.isEmpty() ? noPlace(claim, taken.values()) : Optional.<String>empty();
        var before = waiting.get(id);
        var woken = new LinkedHashSet<ResourceID>();
        if (inTheWay.isEmpty() && placeless.isEmpty()) {
            waiting.remove(id);
            claims.put(id, claim);
        } else {
            waiting.put(
                    id, Waiting.of(claim, policy, inTheWay.map(Obstacle::behind).orElse(null)));
            woken.addAll(behind(claim.key()));
        }
        if (before != null && before.behind() == null && placeless.isEmpty()) {
            // It wants no place any more: the next in its namespace, and those that let it go first, look again.
            woken.addAll(firstForPlaces());
        }
        woken.remove(id);
        wake(woken);
        return inTheWay.map(Obstacle::words).or(() -> placeless);
    }

    private void wake(Set<ResourceID> runs) {
        if (!runs.isEmpty()) {
            wake.accept(runs);
        }
    }

    /** What this Job had, or would have had, is free again: wakes those that look next. */
    synchronized void letGo(String key) {
        var woken = behind(key);
        woken.addAll(firstForPlaces());
        wake(woken);
    }

    /** Those that wait for this Job and not for each other. Of the others each waits for one of them from now on. */
    private Set<ResourceID> behind(String key) {
        var first = new LinkedHashMap<ResourceID, Claim>();
        waiting.replaceAll((id, held) -> {
            if (!key.equals(held.behind())) {
                return held;
            }
            var before = first.values().stream().filter(held::collidesWith).findFirst();
            if (before.isPresent()) {
                return new Waiting(held.wanted(), held.policy(), before.get().key());
            }
            first.put(id, held.wanted());
            return held;
        });
        return new LinkedHashSet<>(first.keySet());
    }

    /** The first of each namespace. */
    private Set<ResourceID> firstForPlaces() {
        var namespaces = new HashSet<String>();
        var first = new LinkedHashSet<ResourceID>();
        waiting.forEach((id, held) -> {
            if (held.behind() == null && namespaces.add(held.wanted().namespace())) {
                first.add(id);
            }
        });
        return first;
    }

    /** By Job: what is claimed, what live Jobs have, and what pods have that still end while their Job is gone. */
    private Map<String, Claim> taken(List<Job> jobs, List<Pod> pods) {
        var begun = pods.stream()
                .filter(pod -> JobStates.hasBegun(pod) && !JobStates.hasEnded(pod))
                .flatMap(pod -> AttemptJobs.jobOf(pod).stream())
                .map(OwnerReference::getUid)
                .collect(Collectors.toSet());
        var taken = new HashMap<String, Claim>();
        claims.values().forEach(claim -> taken.put(claim.key(), claim));
        var known = new HashSet<String>();
        for (var job : jobs) {
            var metadata = job.getMetadata();
            known.add(metadata.getUid());
            if (!JobStates.hasEnded(job)) {
                AttemptJobs.runOf(job)
                        .map(run -> new ResourceID(run.getName(), metadata.getNamespace()))
                        .ifPresent(run -> taken.put(
                                key(job), of(run, job, metadata.getName(), begun.contains(metadata.getUid()))));
            }
        }
        for (var pod : pods) {
            var job = AttemptJobs.jobOf(pod);
            if (job.isEmpty() || known.contains(job.get().getUid()) || JobStates.hasEnded(pod)) {
                continue;
            }
            var key = key(pod.getMetadata().getNamespace(), job.get().getName());
            if (!taken.containsKey(key)) {
                taken.put(key, of(null, pod, pod.getMetadata().getName(), JobStates.hasBegun(pod)));
            }
        }
        return taken;
    }

    private Optional<Obstacle> obstacle(Claim wanted, ConcurrencyPolicy policy, Map<String, Claim> taken) {
        var digests =
                wanted.hosts().stream().collect(Collectors.toMap(RunnerJob::hostDigest, name -> name, (a, b) -> a));
        for (var there : taken.entrySet()) {
            var other = there.getValue();
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
                    // It looks after this, and finds that it is replaced.
                    wake.accept(Set.of(run));
                }
                return Optional.of(new Obstacle(
                        there.getKey(),
                        "waits for " + name + " of the same template (concurrencyPolicy: "
                                + (policy == ConcurrencyPolicy.FORBID ? "Forbid" : "Replace") + ")"));
            }
            var shared = other.hosts().stream()
                    .map(host -> digests.getOrDefault(host, host))
                    .filter(wanted.hosts()::contains)
                    .sorted()
                    .toList();
            if (!shared.isEmpty()) {
                return Optional.of(new Obstacle(
                        there.getKey(),
                        "waits for " + name + ", which has " + Abridged.list(shared, 1)
                                + ": a machine is in one run at a time"));
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
            return Optional.of("waits: " + allTaken(own + others));
        }
        var free = mostRuns - own - others;
        var first = waiting.values().stream()
                .filter(held -> held.behind() == null)
                .map(held -> held.wanted().namespace())
                .filter(namespace -> !namespace.equals(wanted.namespace()) && count(taken, namespace) < own)
                .count();
        return own > 0 && first >= free
                ? Optional.of("waits: " + first + " runs of namespaces with fewer active runs go first")
                : Optional.empty();
    }

    private String allTaken(long active) {
        return active > mostRuns
                ? active + " concurrent runs are active. The limit is " + mostRuns
                        + " (tailnet-operator.runs.most-at-once), and only the first run of a namespace can exceed it"
                : active + " of " + mostRuns + " concurrent runs are active (tailnet-operator.runs.most-at-once)";
    }

    private static long count(Collection<Claim> taken, String namespace) {
        return taken.stream()
                .filter(claim -> claim.namespace().equals(namespace))
                .count();
    }

    /** The run waits no more, and has nothing any more but its live Job. */
    synchronized void forget(ResourceID run) {
        var held = waiting.remove(run);
        var claim = claims.remove(run);
        if (claim != null) {
            letGo(claim.key());
        } else if (held != null) {
            letGo(held.wanted().key());
        }
    }

    /** Whether the run is accepted, and only waits for others or is about to have its Job. */
    synchronized boolean mayRun(ResourceID run) {
        return waiting.containsKey(run) || claims.containsKey(run);
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

    /** A Job by its name, as {@link #letGo} knows it. */
    static String key(@Nullable String namespace, @Nullable String job) {
        return namespace + "/" + job;
    }

    /** The Job, as {@link #letGo} knows it. */
    static String key(Job job) {
        return key(job.getMetadata().getNamespace(), job.getMetadata().getName());
    }
}
