package com.xonetwork.tailnet.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hack/testbed build} with a Go that only notes what it was to build. */
class BuildScriptTest {

    @TempDir
    private Path place;

    private record Ended(int code, String output) {}

    @BeforeEach
    void stubGo() throws IOException {
        var go = Files.writeString(place.resolve("go"), """
                #!/usr/bin/env bash
                while [ $# -gt 0 ]; do
                  [ "$1" != -o ] || { printf '#!/bin/sh\\n' >"$2"; chmod +x "$2"; basename "$2" .part >>"${0%/*}/built"; }
                  shift
                done
                """);
        Files.setPosixFilePermissions(go, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Ended build(String... programs) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of("hack/testbed", "build"));
        command.addAll(List.of(programs));
        var builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("PATH", place + ":" + System.getenv("PATH"));
        builder.environment().put("XO_TESTBED_CACHE", place.resolve("cache").toString());
        var process = builder.start();
        process.getOutputStream().close();
        var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        return new Ended(process.exitValue(), output);
    }

    private List<String> built() throws IOException {
        var file = place.resolve("built");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void onlyWhatIsNamedAndOnlyOnce() throws IOException, InterruptedException {
        assertThat(build("headscale", "etcd")).returns(0, Ended::code);
        assertThat(built()).containsExactlyInAnyOrder("etcd", "headscale");
        assertThat(build("headscale", "etcd")).returns(0, Ended::code);
        assertThat(built()).as("is there already").hasSize(2);
        assertThat(build()).returns(0, Ended::code);
        assertThat(built())
                .contains("kube-apiserver", "kubectl", "kubelet", "kube-proxy", "tailscaled", "helm", "otelcol")
                .doesNotHaveDuplicates();
    }

    @Test
    void aNameThatThereIsNotIsSaid() throws IOException, InterruptedException {
        var ended = build("etdc");
        assertThat(ended.code()).isNotZero();
        assertThat(ended.output()).contains("no such testbed binary: etdc");
        assertThat(built()).isEmpty();
    }

    /** It needs what {@code hack/testbed up --nodes} starts, and nothing of a node that runs pods. */
    @Test
    void theQuickstartBuildsWhatItStarts() throws IOException {
        var up = Files.readString(Path.of("hack/testbed.d/up"));
        assertThat(up).contains("${cluster:+etcd kube-apiserver kubectl} ${tailnet:+headscale tailscaled tailscale}");
        assertThat(Files.readString(Path.of("hack/quickstart")))
                .contains("\"$TESTBED_D/build\" etcd kube-apiserver kubectl headscale tailscaled tailscale\n");
    }
}
