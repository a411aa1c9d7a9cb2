package com.xonetwork.tailnet.runner;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A file of lines, read one line after the other: what it holds never is in memory as a whole, however it came to be. */
final class EventFile implements AutoCloseable {

    /** Bytes; no line that was written by us is longer. */
    static final int LONGEST_LINE = 2 * 1024 * 1024;

    private static final int CHUNK = 64 * 1024;

    private final FileChannel channel;

    /**
     * Opens or makes it, for this process's account alone.
     *
     * @throws IOException also for a link: whoever put it there would choose what is written over
     */
    EventFile(Path path) throws IOException {
        var privately = PosixFilePermissions.fromString("rw-------");
        this.channel = FileChannel.open(
                path,
                Set.of(
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        LinkOption.NOFOLLOW_LINKS),
                PosixFilePermissions.asFileAttribute(privately));
        // Made by an earlier version.
        Files.setPosixFilePermissions(path, privately);
    }

    long size() throws IOException {
        return channel.size();
    }

    void truncate(long size) throws IOException {
        channel.truncate(size);
    }

    void write(byte[] line, long at) throws IOException {
        var buffer = ByteBuffer.wrap(line);
        while (buffer.hasRemaining()) {
            channel.write(buffer, at + buffer.position());
        }
    }

    Lines from(long position) {
        return new Lines(position);
    }

    /** Reads on from where it was. */
    final class Lines {
        private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK).limit(0);
        private long position;

        private Lines(long position) {
            this.position = position;
        }

        /** @return with its end; null where no whole line follows, or one that is too long to be one of ours */
        byte @Nullable [] next() throws IOException {
            var line = new byte[0];
            while (true) {
                var end = endOfLine();
                var part = (end < 0 ? chunk.limit() : end + 1) - chunk.position();
                if (line.length + part > LONGEST_LINE) {
                    return null;
                }
                line = Arrays.copyOf(line, line.length + part);
                chunk.get(line, line.length - part, part);
                if (end >= 0) {
                    return line;
                }
                if (!fill()) {
                    return null;
                }
            }
        }

        private int endOfLine() {
            for (var at = chunk.position(); at < chunk.limit(); at++) {
                if (chunk.get(at) == '\n') {
                    return at;
                }
            }
            return -1;
        }

        private boolean fill() throws IOException {
            chunk.clear();
            var read = channel.read(chunk, position);
            position += Math.max(0, read);
            chunk.flip();
            return read > 0;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
