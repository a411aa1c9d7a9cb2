package com.xonetwork.tailnet.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Runs a program to its end. */
record Command(List<String> line, Map<String, String> environment, Duration limit) {

    /** So that what hangs is told: no program of ours takes nearly as long, on a busy machine neither. */
    private static final Duration LIMIT = Duration.ofMinutes(10);

    Command(List<String> line, Map<String, String> environment) {
        this(line, environment, LIMIT);
    }

    CommandResult run() {
        return run("");
    }

    CommandResult run(String stdin) {
        // Files and not pipes: what the program leaves running in the background may keep a pipe open for ever.
        @Nullable Path in = null;
        @Nullable Path out = null;
        @Nullable Path err = null;
        try {
            in = Files.writeString(Files.createTempFile("command", ".in"), stdin);
            out = Files.createTempFile("command", ".out");
            err = Files.createTempFile("command", ".err");
            var builder = new ProcessBuilder(line)
                    .directory(Repository.ROOT.toFile())
                    .redirectInput(in.toFile())
                    .redirectOutput(out.toFile())
                    .redirectError(err.toFile());
            builder.environment().putAll(environment);
            var process = builder.start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
                throw new IllegalStateException("`%s` did not end within %s:%n%s%s"
                        .formatted(text(), limit, Files.readString(out), Files.readString(err)));
            }
            return new CommandResult(text(), process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException("`%s` could not be run: %s".formatted(text(), e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while running `%s`".formatted(text()), e);
        } finally {
            delete(in);
            delete(out);
            delete(err);
        }
    }

    private String text() {
        return String.join(" ", line);
    }

    private static void delete(@Nullable Path file) {
        if (file != null) {
            file.toFile().delete();
        }
    }
}
