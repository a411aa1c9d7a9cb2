package com.xonetwork.tailnet.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Predicate;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of runs are kept: files in one directory of the operator, bounded in size and time. They are detail; what
 * must not be lost is in the run's status. A directory that does not outlive its pod costs finished runs their events, and live
 * runs nothing: their runner sends everything again to an operator that has less than it.
 */
public final class RunEventStore implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RunEventStore.class);
    /** Between two looks for what is to be removed, and for what is to be closed. */
    private static final Duration CLEANING = Duration.ofMinutes(1);
    /** Each open one has its count of machines in memory. */
    private static final int MOST_OPEN = 32;

    private static final int TRIES = 3;

    private final EventDirectory directory;
    private final EventFiles files;
    private final Limits limits;
    private final Clock clock;
    private final Map<AttemptKey, AttemptLog> logs = new ConcurrentHashMap<>();
    private final List<Consumer<AttemptKey>> listeners = new CopyOnWriteArrayList<>();
    private Instant cleaned = Instant.EPOCH;
    private volatile Predicate<AttemptKey> hasRun = attempt -> true;

    /**
     * Over the first two, events are kept without text and data; over twice as much nothing but the last one is.
     *
     * @param bytes of all together; over that, what was written to least recently goes first
     * @param bytesOfNamespace of one namespace's runs; over that, its runs that have ended make room, and then nothing but the last
     *     event of each attempt is kept
     * @param retention after the last event
     */
    public record Limits(
            int eventsOfAttempt, long bytesOfAttempt, long bytes, long bytesOfNamespace, Duration retention) {

        /** Where one namespace may have all. */
        public Limits(int eventsOfAttempt, long bytesOfAttempt, long bytes, Duration retention) {
            this(eventsOfAttempt, bytesOfAttempt, bytes, bytes, retention);
        }
    }

    /**
     * What became of events that were sent.
     *
     * @param last counter up to which the runner need not send anything again
     * @param isCut nothing but the last event is kept any more
     */
    public record Kept(long last, boolean isCut) {}

    /** @param directory is made when it is needed; what it holds is read */
    public RunEventStore(Path directory, Limits limits, Clock clock) {
        this.directory = new EventDirectory(directory);
        this.files = new EventFiles(this.directory, limits);
        this.limits = limits;
        this.clock = clock;
    }

    /** Why no events can be kept, in words for a user; empty when they can. */
    public Optional<String> refusal() {
        try {
            directory.ensure();
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("events of runs cannot be stored: " + e.getMessage());
        }
    }

    /** As {@link #append(AttemptKey, List, Set)}, for an attempt whose machines are not known. */
    public long append(AttemptKey attempt, List<RunEvent> events) {
        return keep(attempt, events, null).last();
    }

    /**
     * Keeps events that follow on those that are there.
     *
     * @param hosts names of the attempt's machines: nothing is kept of others
     */
    public Kept append(AttemptKey attempt, List<RunEvent> events, Set<String> hosts) {
        return keep(attempt, events, hosts);
    }

    private Kept keep(AttemptKey attempt, List<RunEvent> events, @Nullable Set<String> hosts) {
        clean();
        var before = with(attempt, log -> log.lastCounter(clock.millis()));
        for (var tries = 0; tries < events.size(); tries++) {
            var lacking = with(attempt, log -> log.append(events, hosts, clock.instant(), room(attempt)));
            note(attempt);
            if (lacking == 0 || !makeRoom(attempt, lacking)) {
                break;
            }
        }
        var kept = with(attempt, log -> {
            log.appendOrDrop(events, hosts, clock.instant(), room(attempt));
            return new Kept(log.lastCounter(clock.millis()), log.isCut());
        });
        note(attempt);
        if (kept.last() > before) {
            listeners.forEach(listener -> listener.accept(attempt));
        }
        return kept;
    }

    private LongPredicate room(AttemptKey attempt) {
        return size -> {
            try {
                return files.hasRoom(attempt, size);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        };
    }

    private void note(AttemptKey attempt) {
        var now = clock.instant();
        with(attempt, log -> {
            files.grown(attempt, log.size(), log.isFinished(now.toEpochMilli()), now);
            return true;
        });
    }

    /** Not while a log is held: another may be held by who wants this one's place. */
    private boolean makeRoom(AttemptKey attempt, long size) {
        try {
            for (var victim = files.inTheWay(attempt, size, clock.instant());
                    victim.isPresent();
                    victim = files.inTheWay(attempt, size, clock.instant())) {
                remove(victim.get());
            }
            return files.hasRoom(attempt, size);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public RunProgress progress(AttemptKey attempt) {
        return find(attempt, log -> log.progress(clock.millis()), RunProgress.NONE);
    }

    /** Whether its last event is there. */
    public boolean isFinished(AttemptKey attempt) {
        return find(attempt, log -> log.isFinished(clock.millis()), false);
    }

    /**
     * Events in order, at most so many; fewer where they are large.
     *
     * @param counter of the last event that is known already; 0 for none
     */
    public List<RunEvent> after(AttemptKey attempt, long counter, int most) {
        return find(attempt, log -> log.after(counter, most, clock.millis()), List.of());
    }

    /** The run is gone: nobody can ask for its events any more. */
    public void forget(String namespace, String runUid) {
        try {
            for (var attempt : files.of(namespace, runUid)) {
                remove(attempt);
            }
        } catch (IOException e) {
            LOG.warnf("events of a run that is gone were not removed from %s: %s", directory.path(), e.getMessage());
        }
    }

    /**
     * From now on, events of runs that are gone are removed, also of those that went while no operator was there.
     *
     * @param exists whether the run of an attempt is there; it must know all that there are
     */
    public void keepOnlyWhere(Predicate<AttemptKey> exists) {
        hasRun = exists;
    }

    /** Tells of each attempt that has new events. The listener must not take long. */
    public void addListener(Consumer<AttemptKey> listener) {
        listeners.add(listener);
    }

    public void removeListener(Consumer<AttemptKey> listener) {
        listeners.remove(listener);
    }

    /** Events are detail: where they cannot be read there are none, and the run goes on. */
    private <T> T find(AttemptKey attempt, Function<AttemptLog, T> question, T none) {
        clean();
        if (!logs.containsKey(attempt) && !Files.isRegularFile(path(attempt), LinkOption.NOFOLLOW_LINKS)) {
            return none;
        }
        try {
            return with(attempt, question);
        } catch (UncheckedIOException | AttemptLog.Closed e) {
            LOG.warnf("events of %s cannot be read: %s", attempt, e.getMessage());
            return none;
        }
    }

    /** One that was closed in between is opened again. */
    private <T> T with(AttemptKey attempt, Function<AttemptLog, T> work) {
        for (var tries = 1; ; tries++) {
            var log = open(attempt);
            try {
                return work.apply(log);
            } catch (AttemptLog.Closed e) {
                logs.remove(attempt, log);
                if (tries == TRIES) {
                    throw e;
                }
            }
        }
    }

    private AttemptLog open(AttemptKey attempt) {
        var log = logs.computeIfAbsent(attempt, key -> {
            try {
                directory.ensure();
                return new AttemptLog(path(key), limits, clock.millis());
            } catch (IOException e) {
                throw new UncheckedIOException("events of " + key + " cannot be kept: " + e, e);
            }
        });
        while (logs.size() > MOST_OPEN && closeLeastUsed(log)) {
            // Each has a file and its count of machines.
        }
        return log;
    }

    /** Files that are open. */
    int open() {
        return logs.size();
    }

    private boolean closeLeastUsed(AttemptLog butNot) {
        return logs.entrySet().stream()
                .filter(entry -> entry.getValue() != butNot)
                .min(Comparator.comparing(entry -> entry.getValue().lastUse()))
                .filter(entry -> close(entry.getKey(), entry.getValue()))
                .isPresent();
    }

    private boolean close(AttemptKey attempt, AttemptLog log) {
        log.close();
        return logs.remove(attempt, log);
    }

    private Path path(AttemptKey attempt) {
        return directory.file(EventFiles.name(attempt));
    }

    private synchronized void clean() {
        var now = clock.instant();
        if (cleaned.plus(CLEANING).isAfter(now)) {
            return;
        }
        cleaned = now;
        closeIdle(now);
        try {
            files.read();
            for (var attempt : files.outdated(now)) {
                remove(attempt);
            }
            for (var attempt : files.orphans(hasRun, now)) {
                remove(attempt);
            }
            for (var victim = files.tooMuch(now); victim.isPresent(); victim = files.tooMuch(now)) {
                remove(victim.get());
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warnf("old events of runs were not removed from %s: %s", directory.path(), e.getMessage());
        }
    }

    /** An open file for each run that is looked at would be one for every run that there is. */
    private void closeIdle(Instant now) {
        logs.forEach((attempt, log) -> {
            if (log.lastUse() < now.minus(EventFiles.LIVE).toEpochMilli()) {
                close(attempt, log);
            }
        });
    }

    private void remove(AttemptKey attempt) throws IOException {
        var log = logs.remove(attempt);
        if (log != null) {
            log.close();
        }
        Files.deleteIfExists(path(attempt));
        files.removed(attempt);
    }

    @Override
    public void close() {
        logs.values().forEach(AttemptLog::close);
        logs.clear();
    }
}
