package com.xonetwork.tailnet.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/**
 * The events of one attempt: a file with a line of JSON for each, only ever appended to, and an index of where some of them
 * begin. What a process that was killed left half written is cut off when the file is opened again; the runner sends it once
 * more.
 *
 * <p>Whatever is sent, a file has an end: after a while events are kept without text, after twice that not at all, but for the
 * one with the summary, which is the last. Counters that are missing between two lines are those of events that were not kept.
 */
final class AttemptLog implements AutoCloseable {

    /** Bytes of one event but the last: one that is longer, for all its escapes, is kept without detail. */
    private static final int LONGEST_EVENT = 256 * 1024;
    /** Bytes of events that are read at a time. */
    private static final int PAGE = 1024 * 1024;
    /** Between two that the index has. */
    private static final int INDEXED = 128;
    /** How far ahead of all others the last event can be. */
    private static final long FARTHEST = 100_000_000;

    private static final ObjectMapper JSON = EventRules.reader();

    private final EventFile file;
    private final RunEventStore.Limits limits;
    private final ProgressCount count = new ProgressCount();
    private final List<Place> index = new ArrayList<>();
    private @Nullable Set<String> hosts;
    private boolean isShort;
    private boolean isClosed;
    private long size;
    private long lastUse;

    /** Where the event with this counter begins. */
    private record Place(long counter, long start) {}

    /** It was closed to save memory, or by the end of a thread that read: its events are still in its file. */
    static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed() {
            super("closed", null, false, false);
        }
    }

    /** @param now epoch milliseconds */
    AttemptLog(Path path, RunEventStore.Limits limits, long now) throws IOException {
        this.limits = limits;
        this.lastUse = now;
        this.file = new EventFile(path);
        try {
            restore();
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Takes what can be read, to the first line that cannot. Of more than there may be, only the summary is taken. */
    private void restore() throws IOException {
        var lines = file.from(0);
        byte[] last = null;
        for (var line = lines.next(); line != null; line = lines.next()) {
            var read = parse(line);
            if (read == null || read.counter() <= count.lastCounter()) {
                break;
            }
            count.drop(read.counter() - 1);
            var event = EventRules.kept(read, null, Instant.EPOCH).orElse(null);
            if (event == null) {
                count.drop(read.counter());
                size += line.length;
            } else if (last != null || isFull() || size + line.length > hardBytes() + EventFile.LONGEST_LINE) {
                count.addDropped(event);
                last = event.type().equals(RunEvent.RUN_FINISHED) ? line : last;
            } else {
                keep(event, line.length);
            }
        }
        if (file.size() > size) {
            file.truncate(size);
        }
        if (last != null) {
            file.write(last, size);
            size += last.length;
            count.keptAfterAll();
        }
    }

    private static @Nullable RunEvent parse(byte[] line) {
        try {
            return JSON.readValue(line, RunEvent.class);
        } catch (IOException e) {
            return null;
        }
    }

    private void keep(RunEvent event, int bytes) {
        if (count.received() % INDEXED == 0) {
            index.add(new Place(event.counter(), size));
        }
        size += bytes;
        count.add(event);
    }

    /**
     * Keeps those that follow on what is there; drops what is there already.
     *
     * @param of the machines of the attempt's order; null when they are not known
     * @param now the time of events that have none
     * @param room whether this file may be so large
     * @return 0 when all were taken; or else the size that the file would need for the next one
     */
    synchronized long append(List<RunEvent> events, @Nullable Set<String> of, Instant now, LongPredicate room) {
        return append(events, of, now, room, false);
    }

    /** The same, but events for which there is no room are not kept, and never will be. */
    synchronized void appendOrDrop(List<RunEvent> events, @Nullable Set<String> of, Instant now, LongPredicate room) {
        append(events, of, now, room, true);
    }

    private long append(
            List<RunEvent> events, @Nullable Set<String> of, Instant now, LongPredicate room, boolean drop) {
        use(now.toEpochMilli());
        if (hosts == null) {
            hosts = of;
        }
        for (var event : events) {
            if (event.counter() == count.lastCounter() + 1 || isEndOfCutLog(event)) {
                var lacking = take(event, now, room, drop);
                if (lacking > 0) {
                    return lacking;
                }
            }
        }
        return 0;
    }

    /** A runner that was told of the cut leaves out what would be dropped. */
    private boolean isEndOfCutLog(RunEvent event) {
        return count.dropped() > 0
                && RunEvent.RUN_FINISHED.equals(event.type())
                && event.counter() > count.lastCounter()
                && event.counter() - count.lastCounter() < FARTHEST;
    }

    private long take(RunEvent received, Instant now, LongPredicate room, boolean drop) {
        var event = EventRules.kept(received, hosts, now).orElse(null);
        if (event == null || count.isFinished()) {
            count.drop(received.counter());
            return 0;
        }
        var isLast = event.type().equals(RunEvent.RUN_FINISHED);
        var line = line(!isLast && isLong() ? event.withoutDetail() : event);
        if (!isLast && line.length > LONGEST_EVENT) {
            line = line(event.withoutDetail());
        }
        var fits = room.test(size + line.length);
        if (!fits && !drop) {
            return size + line.length;
        }
        isShort = !fits || size + line.length > hardBytes();
        count.drop(event.counter() - 1);
        // How each machine ended must be known, whatever else was sent.
        if (!isLast && (isShort || isFull())) {
            count.addDropped(event);
            return 0;
        }
        try {
            file.write(line, size);
            keep(event, line.length);
            return 0;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    private static byte[] line(RunEvent event) {
        try {
            return (JSON.writeValueAsString(event) + "\n").getBytes(UTF_8);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private boolean isLong() {
        return size > limits.bytesOfAttempt() || count.received() >= limits.eventsOfAttempt();
    }

    private boolean isFull() {
        return size >= hardBytes() || count.received() >= 2L * limits.eventsOfAttempt() || count.isFinished();
    }

    private long hardBytes() {
        return 2 * limits.bytesOfAttempt();
    }

    /** Whether nothing more is kept, but for the last event. */
    synchronized boolean isCut() {
        return isShort || isFull();
    }

    /** Events after this one, in order: as many as there may be, or fewer where they are large. */
    synchronized List<RunEvent> after(long counter, int most, long now) {
        use(now);
        var found = new ArrayList<RunEvent>();
        if (counter >= count.lastCounter()) {
            return found;
        }
        try {
            var lines = file.from(startOf(counter + 1));
            var bytes = 0L;
            for (var line = lines.next(); line != null && found.size() < most && bytes < PAGE; line = lines.next()) {
                var event = JSON.readValue(line, RunEvent.class);
                if (event.counter() > counter) {
                    found.add(event);
                    bytes += line.length;
                }
            }
            return found;
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /** Of this event, or of one that is not far before it. */
    private long startOf(long counter) {
        var low = 0;
        for (var high = index.size(); low < high; ) {
            var middle = (low + high) / 2;
            if (index.get(middle).counter() <= counter) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low == 0 ? 0 : index.get(low - 1).start();
    }

    synchronized RunProgress progress(long now) {
        use(now);
        return count.progress();
    }

    synchronized long lastCounter(long now) {
        use(now);
        return count.lastCounter();
    }

    synchronized boolean isFinished(long now) {
        use(now);
        return count.isFinished();
    }

    private void use(long now) {
        if (isClosed) {
            throw new Closed();
        }
        lastUse = now;
    }

    /** A thread that is interrupted while it reads closes the file for all. */
    private RuntimeException failed(IOException e) {
        if (e instanceof ClosedChannelException) {
            isClosed = true;
            return new Closed();
        }
        return new UncheckedIOException(e);
    }

    synchronized long size() {
        return size;
    }

    synchronized long lastUse() {
        return lastUse;
    }

    /** Whoever still has it opens its file anew. */
    @Override
    public synchronized void close() {
        isClosed = true;
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
