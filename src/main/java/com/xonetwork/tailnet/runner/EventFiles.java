package com.xonetwork.tailnet.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which event files there are, and what may go where there are too many: no namespace can take the place of the others. */
final class EventFiles {

    /** One that was written to so recently belongs to a run that goes on. */
    static final Duration LIVE = Duration.ofMinutes(5);

    private static final Pattern NAME =
            Pattern.compile("([a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)_([0-9a-f-]{36})_([0-9]{1,4})\\.jsonl");
    /** Each has an entry in memory and one in the file system, however small it is. */
    private static final int MOST = 20_000;

    private static final Comparator<Kept> OLDEST = Comparator.comparing(Kept::written);

    private final EventDirectory directory;
    private final RunEventStore.Limits limits;
    private final Map<AttemptKey, Kept> files = new HashMap<>();
    private final Map<String, Long> bytesByNamespace = new HashMap<>();
    private long bytes;
    private boolean isRead;

    private record Kept(AttemptKey attempt, long bytes, Instant written, boolean isFinished) {}

    EventFiles(EventDirectory directory, RunEventStore.Limits limits) {
        this.directory = directory;
        this.limits = limits;
    }

    static String name(AttemptKey attempt) {
        return attempt.namespace() + "_" + attempt.runUid() + "_" + attempt.attempt() + ".jsonl";
    }

    private static Optional<AttemptKey> attempt(Path path) {
        var name = path.getFileName();
        var match = NAME.matcher(name == null ? "" : name.toString());
        return match.matches()
                ? Optional.of(new AttemptKey(match.group(1), match.group(2), Integer.parseInt(match.group(3))))
                : Optional.empty();
    }

    /** Looks again at what is there. */
    synchronized void read() throws IOException {
        if (!directory.exists()) {
            List.copyOf(files.keySet()).forEach(this::removed);
            return;
        }
        var found = new HashSet<AttemptKey>();
        try (var paths = Files.list(directory.path())) {
            paths.forEach(path -> attempt(path).ifPresent(attempt -> {
                found.add(attempt);
                look(attempt, path);
            }));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        files.keySet().stream()
                .filter(attempt -> !found.contains(attempt))
                .toList()
                .forEach(this::removed);
        isRead = true;
    }

    private void look(AttemptKey attempt, Path path) {
        try {
            var before = files.get(attempt);
            put(new Kept(attempt, Files.size(path), written(path), before != null && before.isFinished()));
        } catch (IOException e) {
            // It went in between.
            removed(attempt);
        }
    }

    private void put(Kept file) {
        var before = bytes(files.put(file.attempt(), file));
        add(file.attempt().namespace(), file.bytes() - before);
    }

    private void add(String namespace, long more) {
        bytes += more;
        bytesByNamespace.merge(namespace, more, Long::sum);
    }

    private static Instant written(Path path) throws IOException {
        return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toInstant();
    }

    /** It was written to. */
    synchronized void grown(AttemptKey attempt, long size, boolean isFinished, Instant now) {
        put(new Kept(attempt, size, now, isFinished));
    }

    synchronized void removed(AttemptKey attempt) {
        var before = files.remove(attempt);
        if (before != null) {
            add(attempt.namespace(), -before.bytes());
            bytesByNamespace.remove(attempt.namespace(), 0L);
        }
    }

    /** Those of one run. */
    synchronized List<AttemptKey> of(String namespace, String runUid) throws IOException {
        if (!isRead) {
            read();
        }
        return files.keySet().stream()
                .filter(attempt -> attempt.namespace().equals(namespace)
                        && attempt.runUid().equals(runUid))
                .toList();
    }

    /** Those that nothing was written to for a while and that belong to no run. */
    synchronized List<AttemptKey> orphans(Predicate<AttemptKey> hasRun, Instant now) {
        return files.values().stream()
                .filter(file -> file.written().plus(LIVE).isBefore(now))
                .map(Kept::attempt)
                .filter(attempt -> !hasRun.test(attempt))
                .toList();
    }

    /** Those whose time is over. */
    synchronized List<AttemptKey> outdated(Instant now) {
        return files.values().stream()
                .filter(file -> file.written().plus(limits.retention()).isBefore(now))
                .map(Kept::attempt)
                .toList();
    }

    /** Whether the attempt's file may be so large. */
    synchronized boolean hasRoom(AttemptKey attempt, long size) throws IOException {
        if (!isRead) {
            read();
        }
        return lacks(attempt, size) == null;
    }

    /** Whether the namespace has too much, or all together have; null for neither. */
    private @Nullable Boolean lacks(AttemptKey attempt, long size) {
        var more = size - bytes(files.get(attempt));
        var count = files.containsKey(attempt) ? 0 : 1;
        if (bytesOf(attempt.namespace()) + more > limits.bytesOfNamespace()) {
            return true;
        }
        return bytes + more > limits.bytes() || files.size() + count > MOST ? false : null;
    }

    /**
     * What has to go first, so that the attempt's file may be so large.
     *
     * @return empty when nothing has to go, or nothing may
     */
    synchronized Optional<AttemptKey> inTheWay(AttemptKey attempt, long size, Instant now) {
        var ofNamespace = lacks(attempt, size);
        if (ofNamespace == null) {
            return Optional.empty();
        }
        var largest = ofNamespace ? attempt.namespace() : largest().orElse(attempt.namespace());
        var ended = oldest(largest, attempt).filter(file -> isEnded(file, now)).findFirst();
        if (ended.isPresent() || ofNamespace) {
            return ended.map(Kept::attempt);
        }
        var other = files.values().stream()
                .filter(file -> !file.attempt().equals(attempt))
                .sorted(OLDEST)
                .filter(file -> isEnded(file, now))
                .findFirst();
        if (other.isPresent()) {
            return other.map(Kept::attempt);
        }
        // Nothing but runs that go on: whoever has more than a fair share of the place makes room for who has less.
        var share = limits.bytes() / Math.max(1, bytesByNamespace.size());
        return bytesOf(largest) > share && bytesOf(attempt.namespace()) + size - bytes(files.get(attempt)) <= share
                ? oldest(largest, attempt).map(Kept::attempt).findFirst()
                : Optional.empty();
    }

    /** What has to go, because there is more than there may be. */
    synchronized Optional<AttemptKey> tooMuch(Instant now) {
        if (bytes <= limits.bytes() && files.size() <= MOST) {
            return Optional.empty();
        }
        return files.values().stream()
                .sorted(OLDEST)
                .filter(file -> isEnded(file, now))
                .map(Kept::attempt)
                .findFirst();
    }

    private Stream<Kept> oldest(String namespace, AttemptKey butNot) {
        return files.values().stream()
                .filter(file -> file.attempt().namespace().equals(namespace))
                .filter(file -> !file.attempt().equals(butNot))
                .sorted(OLDEST);
    }

    private boolean isEnded(Kept file, Instant now) {
        if (file.isFinished() || file.written().plus(LIVE).isBefore(now)) {
            return true;
        }
        try {
            return written(directory.file(name(file.attempt()))).plus(LIVE).isBefore(now);
        } catch (IOException e) {
            return true;
        }
    }

    private Optional<String> largest() {
        return bytesByNamespace.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey);
    }

    private long bytesOf(String namespace) {
        return bytesByNamespace.getOrDefault(namespace, 0L);
    }

    private static long bytes(@Nullable Kept file) {
        return file == null ? 0 : file.bytes();
    }
}
