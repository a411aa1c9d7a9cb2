package com.xonetwork.tailnet.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that runs beside a test, and ends with it. */
public final class BackgroundProgram implements AutoCloseable {

    private static final int PATIENCE_SECONDS = 20;

    private final Process process;
    private final Path output;

    private BackgroundProgram(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** @param output where what it says is written */
    public static BackgroundProgram start(Path output, BuiltProgram program, String... arguments) {
        var line = new ArrayList<>(List.of(program.path()));
        line.addAll(List.of(arguments));
        try {
            return new BackgroundProgram(
                    new ProcessBuilder(line)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start(),
                    output);
        } catch (IOException e) {
            throw new UncheckedIOException(program.path() + " could not be started", e);
        }
    }

    /** All that it has said so far. */
    public String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
