package com.xonetwork.tailnet.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Where the events of runs are kept: files in one directory of the operator, bounded in size and time. They are detail; what
 * must not be lost is in the run's status. A directory that does not outlive its pod costs finished runs their events, and live
 * runs nothing: their runner sends everything again to an operator that has less than it.
 */
public final class RunEventStore implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(RunEventStore.class);
    private static final Pattern FILE =
            Pattern.compile("([a-z0-9]([a-z0-9.-]*[a-z0-9])?)_([0-9a-f-]{36})_([0-9]{1,4})\\.jsonl");
    /** Between two looks for what is to be removed. */
    private static final Duration CLEANING = Duration.ofMinutes(1);
    /** One that was written to so recently belongs to a run that goes on. */
    private static final Duration LIVE = Duration.ofMinutes(5);

    private final Path directory;
    private final Limits limits;
    private final Clock clock;
    private final Map<AttemptKey, AttemptLog> logs = new ConcurrentHashMap<>();
    private final List<Consumer<AttemptKey>> listeners = new CopyOnWriteArrayList<>();
    private Instant cleaned = Instant.EPOCH;

    /**
     * @param eventsOfAttempt after which events are kept without text and data
     * @param bytesOfAttempt likewise
     * @param bytes of all together; over that, what was written to least recently goes first
     * @param retention after the last event
     */
    public record Limits(int eventsOfAttempt, long bytesOfAttempt, long bytes, Duration retention) {}

    /** @param directory is made when it is needed; what it holds is read */
    public RunEventStore(Path directory, Limits limits, Clock clock) {
        this.directory = directory;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * Keeps events that follow on those that are there.
     *
     * @return the counter up to which everything is kept: the runner goes on after it
     */
    public long append(AttemptKey attempt, List<RunEvent> events) {
        clean();
        var log = open(attempt);
        var before = log.progress().lastCounter();
        var last = log.append(events, clock.millis());
        if (last > before) {
            listeners.forEach(listener -> listener.accept(attempt));
        }
        return last;
    }

    public RunProgress progress(AttemptKey attempt) {
        return find(attempt).map(AttemptLog::progress).orElse(RunProgress.NONE);
    }

    /** @param counter of the last event that is known already; 0 for none */
    public List<RunEvent> after(AttemptKey attempt, long counter, int most) {
        return find(attempt).map(log -> log.after(counter, most)).orElse(List.of());
    }

    /** Tells of each attempt that has new events. The listener must not take long. */
    public void addListener(Consumer<AttemptKey> listener) {
        listeners.add(listener);
    }

    public void removeListener(Consumer<AttemptKey> listener) {
        listeners.remove(listener);
    }

    private Optional<AttemptLog> find(AttemptKey attempt) {
        return logs.containsKey(attempt) || Files.exists(path(attempt)) ? Optional.of(open(attempt)) : Optional.empty();
    }

    private AttemptLog open(AttemptKey attempt) {
        return logs.computeIfAbsent(attempt, key -> {
            try {
                Files.createDirectories(directory);
                return new AttemptLog(path(key), limits);
            } catch (IOException e) {
                throw new UncheckedIOException("events of " + key + " cannot be kept", e);
            }
        });
    }

    private Path path(AttemptKey attempt) {
        return directory.resolve(attempt.namespace() + "_" + attempt.runUid() + "_" + attempt.attempt() + ".jsonl");
    }

    private synchronized void clean() {
        var now = clock.instant();
        if (cleaned.plus(CLEANING).isAfter(now)) {
            return;
        }
        cleaned = now;
        closeIdle(now);
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var paths = Files.list(directory)) {
            var files = paths.map(RunEventStore::kept)
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparing(Kept::written))
                    .toList();
            var total = files.stream().mapToLong(Kept::bytes).sum();
            for (var file : files) {
                var old = file.written().plus(limits.retention()).isBefore(now);
                if (old || total > limits.bytes() && file.written().plus(LIVE).isBefore(now)) {
                    remove(file);
                    total -= file.bytes();
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warnf("old events of runs were not removed from %s: %s", directory, e.getMessage());
        }
    }

    /** An open file for each run that is looked at would be one for every run that there is. */
    private void closeIdle(Instant now) {
        logs.forEach((attempt, log) -> {
            if (log.lastUse() < now.minus(LIVE).toEpochMilli()) {
                logs.computeIfPresent(attempt, (unused, idle) -> {
                    idle.close();
                    return null;
                });
            }
        });
    }

    private record Kept(Path path, AttemptKey attempt, long bytes, Instant written) {}

    private static Optional<Kept> kept(Path path) {
        return attempt(path).map(attempt -> {
            try {
                return new Kept(
                        path,
                        attempt,
                        Files.size(path),
                        Files.getLastModifiedTime(path).toInstant());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private static Optional<AttemptKey> attempt(Path path) {
        var name = path.getFileName();
        var match = FILE.matcher(name == null ? "" : name.toString());
        return match.matches()
                ? Optional.of(new AttemptKey(match.group(1), match.group(3), Integer.parseInt(match.group(4))))
                : Optional.empty();
    }

    private void remove(Kept file) throws IOException {
        var log = logs.remove(file.attempt());
        if (log != null) {
            log.close();
        }
        Files.deleteIfExists(file.path());
    }

    @Override
    public void close() {
        logs.values().forEach(AttemptLog::close);
        logs.clear();
    }
}
