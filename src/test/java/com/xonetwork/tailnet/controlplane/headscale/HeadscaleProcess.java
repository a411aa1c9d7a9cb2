package com.xonetwork.tailnet.controlplane.headscale;

import com.xonetwork.tailnet.testing.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** A real Headscale on loopback, with its database in a directory that the test throws away. */
final class HeadscaleProcess implements AutoCloseable {

    private static final Pattern ID = Pattern.compile("\"node\":\\{\"id\":\"([0-9]+)\"");

    private final Path binary;
    private final Path config;
    private final Path directory;
    private final URI url;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Process process;
    private final String apiKey;

    private HeadscaleProcess(Path binary, Path directory) throws IOException, InterruptedException {
        this.binary = binary;
        this.directory = directory;
        this.config = directory.resolve("config.yaml");
        int port = FreePort.find();
        this.url = URI.create("http://127.0.0.1:" + port);
        Files.writeString(config, configuration(port));
        this.process = new ProcessBuilder(binary.toString(), "--config", config.toString(), "serve")
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("headscale.log").toFile())
                .start();
        awaitHealth();
        this.apiKey = run("apikeys", "create", "--expiration", "1h")
                .lines()
                .filter(line -> line.startsWith("hskey-api-"))
                .findFirst()
                .orElseThrow();
        run("users", "create", "alice");
    }

    /** Starts the binary that {@code -Dheadscale.binary} names, or that {@code hack/testbed build} made. */
    static HeadscaleProcess start(Path directory) throws IOException, InterruptedException {
        var binary = Optional.ofNullable(System.getProperty("headscale.binary"))
                .map(Path::of)
                .orElseGet(() -> cache().resolve("headscale-v0.29.1").resolve("headscale"));
        if (!Files.isExecutable(binary)) {
            throw new IllegalStateException("This test needs a Headscale 0.29 and there is none at " + binary
                    + ". Build it with 'hack/testbed build', or name one with -Dheadscale.binary=PATH.");
        }
        return new HeadscaleProcess(binary, directory);
    }

    private static Path cache() {
        return Optional.ofNullable(System.getenv("XO_TESTBED_CACHE"))
                .filter(path -> !path.isBlank())
                .map(Path::of)
                .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache", "xo-tailnet-testbed"));
    }

    private String configuration(int port) throws IOException {
        // Its paths are given in full: they may hold whatever the temporary directory's name does.
        return """
                server_url: http://127.0.0.1:%1$d
                listen_addr: 127.0.0.1:%1$d
                metrics_listen_addr: 127.0.0.1:%2$d
                grpc_listen_addr: 127.0.0.1:%3$d
                noise: {private_key_path: "%4$s/noise.key"}
                prefixes: {v4: 100.64.0.0/10, v6: "fd7a:115c:a1e0::/48", allocation: sequential}
                derp:
                  server: {enabled: true, region_id: 999, region_code: hs, region_name: embedded, verify_clients: true,
                           stun_listen_addr: "127.0.0.1:%5$d", private_key_path: "%4$s/derp.key",
                           automatically_add_embedded_derp_region: true, ipv4: 127.0.0.1}
                  urls: []
                  paths: []
                  auto_update_enabled: false
                disable_check_updates: true
                database: {type: sqlite, sqlite: {path: "%4$s/db.sqlite", write_ahead_log: true}}
                policy: {mode: database}
                dns: {magic_dns: true, base_domain: tail.test, override_local_dns: false, nameservers: {global: []}}
                unix_socket: "%4$s/hs.sock"
                unix_socket_permission: "0770"
                logtail: {enabled: false}
                """.formatted(port, FreePort.find(), FreePort.find(), directory, FreePort.find());
    }

    private void awaitHealth() throws InterruptedException, IOException {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (System.nanoTime() < deadline && process.isAlive()) {
            try {
                if (send("GET", "/health", "").statusCode() == 200) {
                    return;
                }
            } catch (IOException e) {
                // not there yet
            }
            process.waitFor(100, TimeUnit.MILLISECONDS);
        }
        var log = Files.readString(directory.resolve("headscale.log"));
        close();
        throw new IllegalStateException("Headscale did not start:\n" + log);
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(binary.toString(), "--config", config.toString()));
        command.addAll(List.of(arguments));
        var tool = new ProcessBuilder(command).redirectErrorStream(true).start();
        var output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (tool.waitFor() != 0) {
            throw new IOException(String.join(" ", arguments) + " failed: " + output);
        }
        return output;
    }

    /** Registers a node that no machine stands behind; it advertises nothing and is never online. */
    String registerNode(String name) throws IOException, InterruptedException {
        var key = "hskey-authreq-"
                + UUID.randomUUID().toString().replace("-", "").substring(0, 24).toLowerCase(Locale.ROOT);
        send("POST", "/api/v1/debug/node", "{\"user\":\"alice\",\"key\":\"" + key + "\",\"name\":\"" + name + "\"}");
        var registered = send("POST", "/api/v1/auth/register", "{\"user\":\"alice\",\"authId\":\"" + key + "\"}");
        var id = ID.matcher(registered.body());
        if (!id.find()) {
            throw new IOException("no node was registered: " + registered.body());
        }
        return id.group(1);
    }

    private HttpResponse<String> send(String method, String path, String body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(url.resolve(path))
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + apiKey)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    URI url() {
        return url;
    }

    String apiKey() {
        return apiKey;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
