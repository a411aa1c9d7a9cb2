package com.xonetwork.tailnet.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hack/testbed build} with a Go that only notes what it was to build. */
class BuildScriptTest {

    @TempDir
    private Path place;

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

    private CommandResult build(String... programs) {
        var line = new ArrayList<>(List.of("hack/testbed", "build"));
        line.addAll(List.of(programs));
        return new Command(
                        line,
                        Map.of(
                                "PATH",
                                place + ":" + System.getenv("PATH"),
                                "XO_TESTBED_CACHE",
                                place.resolve("cache").toString()))
                .run();
    }

    private List<String> built() throws IOException {
        var file = place.resolve("built");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    @Test
    void onlyWhatIsNamedAndOnlyOnce() throws IOException {
        build("headscale", "etcd").orFail();
        assertThat(built()).containsExactlyInAnyOrder("etcd", "headscale");
        build("headscale", "etcd").orFail();
        assertThat(built()).as("is there already").hasSize(2);
        build().orFail();
        assertThat(built())
                .contains("kube-apiserver", "kubectl", "kubelet", "kube-proxy", "tailscaled", "helm", "otelcol")
                .doesNotHaveDuplicates();
    }

    @Test
    void aNameThatThereIsNotIsSaid() throws IOException {
        var ended = build("etdc");
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.stderr()).contains("no such testbed binary: etdc");
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
