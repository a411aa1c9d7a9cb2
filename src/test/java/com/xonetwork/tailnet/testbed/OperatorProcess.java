package com.xonetwork.tailnet.testbed;

import com.xonetwork.tailnet.testing.FreePort;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The packaged operator as a process of its own, as it runs in a cluster. It can be stopped politely or killed, and started
 * again: each {@code start} is a new process.
 */
public final class OperatorProcess implements AutoCloseable {
    /** As a pod has them. */
    public static final List<String> JVM_OPTIONS = ShippedManifests.jvmOptions();

    /** The AOT cache that the image has as well; without it where there is none. */
    private static final Optional<String> AOT_CACHE = Optional.ofNullable(System.getProperty("operator.aot"));

    private static final Duration READY_LIMIT = Duration.ofMinutes(2);
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);
    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    private final Process process;
    private final Path log;
    private final URI uri;
    private final URI api;
    private final Thread hook;

    private OperatorProcess(Process process, Path log, URI uri, URI api) {
        this.process = process;
        this.log = log;
        this.uri = uri;
        this.api = api;
        this.hook = new Thread(process::destroyForcibly, "operator-kill");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Starts the operator against the cluster, for all namespaces, and returns when it is ready. */
    public static OperatorProcess start(ClusterUnderTest cluster) {
        return start(cluster.kubeconfig(), Map.of());
    }

    /** Like {@link #start(ClusterUnderTest)}, with further environment variables: the operator's configuration. */
    public static OperatorProcess start(ClusterUnderTest cluster, Map<String, String> environment) {
        return start(cluster.kubeconfig(), environment);
    }

    /** Starts the operator with this kubeconfig and returns when {@code /q/health/ready} says so. */
    public static OperatorProcess start(Path kubeconfig, Map<String, String> environment) {
        var operator = launch(kubeconfig, environment);
        try {
            operator.awaitReady();
            return operator;
        } catch (RuntimeException e) {
            operator.kill();
            throw e;
        }
    }

    /** Starts the operator and does not wait: for tests of its start-up. */
    public static OperatorProcess launch(Path kubeconfig, Map<String, String> environment) {
        var jar = Path.of(System.getProperty(
                "operator.jar",
                Repository.TARGET.resolve("quarkus-app/quarkus-run.jar").toString()));
        if (!Files.isReadable(jar)) {
            throw new IllegalStateException("the operator is not packaged: " + jar + " is missing; run mvn package");
        }
        var java = ProcessHandle.current().info().command().orElse("java");
        var line = new ArrayList<String>();
        line.add(java);
        line.addAll(JVM_OPTIONS);
        AOT_CACHE.ifPresent(cache -> line.add("-XX:AOTCache=" + cache));
        line.addAll(List.of("-jar", jar.toString()));
        var builder = new ProcessBuilder(line);
        try {
            var port = FreePort.find();
            var log = Files.createDirectories(Repository.TARGET.resolve("operator-logs"))
                    .resolve("operator-%d-%d.log"
                            .formatted(ProcessHandle.current().pid(), STARTED.incrementAndGet()));
            var variables = builder.environment();
            variables.put("KUBECONFIG", kubeconfig.toString());
            var apiPort = FreePort.find();
            variables.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1");
            variables.put("QUARKUS_MANAGEMENT_PORT", String.valueOf(port));
            variables.put("QUARKUS_HTTP_HOST", "127.0.0.1");
            variables.put("QUARKUS_HTTP_PORT", String.valueOf(apiPort));
            // Otherwise every poll for readiness adds a line, and the end of the log says nothing else.
            variables.put("QUARKUS_LOG_CATEGORY__IO_SMALLRYE_HEALTH__LEVEL", "ERROR");
            variables.putAll(environment);
            var process = builder.directory(Repository.ROOT.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            return new OperatorProcess(
                    process,
                    log,
                    URI.create("http://127.0.0.1:" + port),
                    URI.create(
                            "http://" + variables.get("QUARKUS_HTTP_HOST") + ":" + variables.get("QUARKUS_HTTP_PORT")));
        } catch (IOException e) {
            throw new UncheckedIOException("the operator could not be started: " + e.getMessage(), e);
        }
    }

    /**
     * Settings of one of several replicas.
     *
     * @param namespace of the Lease
     * @param address of this machine; all replicas listen at the same ports
     */
    public static Map<String, String> replica(String namespace, String name, String address) {
        return Map.of(
                "TAILNET_OPERATOR_LEADER_ELECTION_ENABLED", "true",
                "TAILNET_OPERATOR_LEADER_ELECTION_NAMESPACE", namespace,
                "TAILNET_OPERATOR_LEADER_ELECTION_NAME", name,
                "TAILNET_OPERATOR_LEADER_ELECTION_ADDRESS", address,
                "TAILNET_OPERATOR_WEBHOOKS_HOST", address,
                "TAILNET_OPERATOR_RUNS_HOST", address,
                "TAILNET_OPERATOR_RUNS_DIRECTORY",
                        TestFiles.directory().resolve("runs-" + name).toString(),
                "QUARKUS_HTTP_HOST", address);
    }

    /** Waits until {@code /q/health/ready} answers 200 and all ports are open; fails with the end of the log, and at once when the process has ended. */
    public void awaitReady() {
        try {
            Awaitility.await()
                    .atMost(READY_LIMIT)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> !process.isAlive() || (status("/q/health/ready") == 200 && listens()));
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "the operator is not ready after " + READY_LIMIT + ": " + answer("/q/health/ready") + logTail(), e);
        }
        if (!process.isAlive()) {
            throw new IllegalStateException(
                    "the operator ended with " + process.exitValue() + " before it was ready" + logTail());
        }
    }

    /** Where its API listens. */
    public URI api() {
        return api;
    }

    /** Where its health and metrics are. */
    public URI uri() {
        return uri;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Asks it to end (SIGTERM) and waits; returns its exit code. */
    public int stop() {
        process.destroy();
        if (!ended(STOP_LIMIT)) {
            kill();
            throw new IllegalStateException("the operator did not end within " + STOP_LIMIT + logTail());
        }
        forget();
        return process.exitValue();
    }

    /** Ends it where it stands (SIGKILL): the crash of a pod. */
    public void kill() {
        process.destroyForcibly();
        ended(STOP_LIMIT);
        forget();
    }

    /** Sends it a signal and does not wait for what it does. @param name {@code TERM}, {@code STOP}, {@code CONT} */
    public void signal(String name) {
        new Command(List.of("kill", "-" + name, String.valueOf(pid())), Map.of())
                .run()
                .orFail();
    }

    /** Everything it has logged so far. */
    public String logs() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The body of {@code /q/metrics}. */
    public String metrics() {
        return get("/q/metrics");
    }

    /** The body that its HTTP server answers for a path. */
    public String get(String path) {
        try {
            return send(path).body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends it if it still runs. */
    @Override
    public void close() {
        if (process.isAlive()) {
            stop();
        }
    }

    /** Quarkus says so when its ports are open, the API's too: that of the health can be open a moment sooner. */
    private boolean listens() {
        return logs().contains("Listening on: ");
    }

    private String answer(String path) {
        try {
            return send(path).body();
        } catch (IOException e) {
            return path + " does not answer: " + e;
        }
    }

    private int status(String path) {
        try {
            return send(path).statusCode();
        } catch (IOException _) {
            return -1;
        }
    }

    private HttpResponse<String> send(String path) throws IOException {
        try {
            var request = HttpRequest.newBuilder(uri.resolve(path))
                    .timeout(Duration.ofSeconds(10))
                    .build();
            return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking the operator for " + path, e);
        }
    }

    private boolean ended(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the operator ended", e);
        }
    }

    private void forget() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException _) {
            // The JVM is ending already, and the hook with it.
        }
    }

    private String logTail() {
        var lines = logs().lines().toList();
        return "; the end of " + log + ":\n"
                + String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }
}
