package com.xonetwork.tailnet.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of one attempt: a file with a line of JSON for each, only ever appended to, and an index of where each begins.
 * What a process that was killed left half written is cut off when the file is opened again; the runner sends it once more.
 */
final class AttemptLog implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileChannel file;
    private final RunEventStore.Limits limits;
    private final ProgressCount count = new ProgressCount();
    /** Where the event with counter i + 1 begins. */
    private final List<Long> starts = new ArrayList<>();

    private long size;
    private long lastUse;

    AttemptLog(Path path, RunEventStore.Limits limits) throws IOException {
        this.limits = limits;
        this.file =
                FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        restore();
    }

    private void restore() throws IOException {
        var content = new String(read(0, Math.toIntExact(file.size())), UTF_8);
        var begin = 0;
        for (var end = content.indexOf('\n'); end >= 0; end = content.indexOf('\n', begin)) {
            var line = content.substring(begin, end + 1);
            var event = parse(line);
            if (event == null || event.counter() != starts.size() + 1) {
                break;
            }
            keep(event, line.getBytes(UTF_8).length);
            begin = end + 1;
        }
        file.truncate(size);
    }

    private static @Nullable RunEvent parse(String line) {
        try {
            return JSON.readValue(line, RunEvent.class);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private void keep(RunEvent event, int bytes) {
        starts.add(size);
        size += bytes;
        count.add(event);
    }

    /** Keeps those that follow on what is there; drops what is there already. @return the last counter that is kept */
    synchronized long append(List<RunEvent> events, long now) {
        lastUse = now;
        for (var event : events) {
            if (event.counter() == starts.size() + 1) {
                write(isFull() ? event.withoutDetail() : event);
            }
        }
        return count.lastCounter();
    }

    private boolean isFull() {
        return size > limits.bytesOfAttempt() || starts.size() >= limits.eventsOfAttempt();
    }

    private void write(RunEvent event) {
        try {
            var line = (JSON.writeValueAsString(event) + "\n").getBytes(UTF_8);
            var buffer = ByteBuffer.wrap(line);
            while (buffer.hasRemaining()) {
                file.write(buffer, size + buffer.position());
            }
            keep(event, line.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Events after this one, in order. */
    synchronized List<RunEvent> after(long counter, int most) {
        var first = (int) Math.clamp(counter, 0, starts.size());
        var last = Math.min(first + most, starts.size());
        if (first == last) {
            return List.of();
        }
        var from = starts.get(first);
        var to = last == starts.size() ? size : starts.get(last);
        try {
            return new String(read(from, Math.toIntExact(to - from)), UTF_8)
                    .lines()
                    .map(AttemptLog::parse)
                    .filter(event -> event != null)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] read(long from, int bytes) throws IOException {
        var buffer = ByteBuffer.allocate(bytes);
        while (buffer.hasRemaining() && file.read(buffer, from + buffer.position()) >= 0) {
            // A read may bring less than what was asked for.
        }
        return buffer.array();
    }

    synchronized RunProgress progress() {
        return count.progress();
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
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
