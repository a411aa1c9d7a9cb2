package com.xonetwork.tailnet.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One testbed of {@code hack/testbed} in its own directory under that of {@link TestFiles}: started fresh, ended with the JVM at the latest. */
final class Testbed implements AutoCloseable {
    private static final String SCRIPT = Repository.ROOT.resolve("hack/testbed").toString();

    private final Path directory;
    private final Thread hook = new Thread(() -> run("down"), "testbed-down");

    private Testbed(Path directory) {
        this.directory = directory;
    }

    static Testbed up(String name, String... arguments) {
        var testbed = new Testbed(TestFiles.directory().resolve("testbed").resolve(name));
        // A test run that was killed may have left one behind.
        testbed.run("down").orFail();
        Runtime.getRuntime().addShutdownHook(testbed.hook);
        var command = new ArrayList<>(List.of("up"));
        command.addAll(List.of(arguments));
        try {
            testbed.run(command.toArray(String[]::new)).orFail();
        } catch (RuntimeException e) {
            testbed.close();
            throw e;
        }
        return testbed;
    }

    Path directory() {
        return directory;
    }

    CommandResult run(String... arguments) {
        var line = new ArrayList<>(List.of(SCRIPT));
        line.addAll(List.of(arguments));
        return new Command(line, Map.of("XO_TESTBED_DIR", directory.toString())).run();
    }

    /** Runs {@code hack/images} for it. */
    CommandResult images(String... arguments) {
        var line =
                new ArrayList<>(List.of(Repository.ROOT.resolve("hack/images").toString()));
        line.addAll(List.of(arguments));
        return new Command(line, Map.of("XO_TESTBED_DIR", directory.toString()), Duration.ofMinutes(10)).run();
    }

    /** A value of the testbed's settings file, for example {@code KUBECONFIG}. */
    String setting(String key) {
        var file = directory.resolve("testbed.env");
        try (var lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith(key + "="))
                    .map(line -> line.substring(key.length() + 1))
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException(file + " has no " + key));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The path of a program that {@code hack/testbed build} made; its plain name, to be found on the PATH, when it did not. */
    static String program(String name) {
        var result = new Command(List.of(SCRIPT, "which", name), Map.of()).run();
        return result.succeeded() ? result.stdout().strip() : name;
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(hook);
        run("down").orFail();
    }
}
