package com.xonetwork.tailnet.bench;

import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.OperatorProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** A reference as a process of its own, with the JVM's options that the operator is given. */
final class ReferenceProcess implements AutoCloseable {

    private final Process process;
    private final Path log;

    private ReferenceProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    static ReferenceProcess start(ClusterUnderTest cluster, Class<?> main, String... arguments) throws IOException {
        return start(cluster, main, List.of(), arguments);
    }

    /** @param more options of the JVM, after those that the operator is given */
    static ReferenceProcess start(ClusterUnderTest cluster, Class<?> main, List<String> more, String... arguments)
            throws IOException {
        var line = new ArrayList<String>();
        line.add(ProcessHandle.current().info().command().orElse("java"));
        line.addAll(OperatorProcess.JVM_OPTIONS);
        line.addAll(more);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        line.addAll(List.of(arguments));
        var log = Path.of("target", "bench-" + main.getSimpleName() + ".log");
        var builder = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("KUBECONFIG", cluster.kubeconfig().toString());
        return new ReferenceProcess(builder.start(), log);
    }

    /** Waits until it has said so; fails when it has ended before. */
    ReferenceProcess awaitLine(String text) {
        if (!says(text)) {
            throw new IllegalStateException("the reference ended too soon; see " + log);
        }
        return this;
    }

    /** Waits until it has said so. @return false when it ended before */
    boolean says(String text) {
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> !process.isAlive() || Files.readAllLines(log).contains(text));
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    void awaitGoodEnd() throws InterruptedException {
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IllegalStateException("the reference did not end well; see " + log);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
