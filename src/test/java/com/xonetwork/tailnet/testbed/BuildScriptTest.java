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
                [ "$1" != list ] || exit 0
                echo "$*" >>"${0%/*}/calls"
                [ ! -e "${0%/*}/broken" ] || { echo 'main.go:1:1: it does not compile' >&2; exit 1; }
                until [ "$1" = -o ]; do shift; done
                target=$2
                shift 2
                for package in "$@"; do
                  file=$target
                  [ -n "${target##*/}" ] || file+=${package##*/}
                  printf '#!/bin/sh\\n' >"$file"
                  chmod +x "$file"
                  echo "${file##*/}" >>"${0%/*}/built"
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
        return noted("built");
    }

    private List<String> noted(String name) throws IOException {
        var file = place.resolve(name);
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

    /** What they share is compiled once either way; in one call they are linked at the same time. */
    @Test
    void programsOfOneModuleAreBuiltByOneCall() throws IOException {
        build("kube-apiserver", "kubectl").orFail();
        assertThat(noted("calls")).singleElement().asString().contains("/kube-apiserver ", "/kubectl");
        assertThat(built()).containsExactlyInAnyOrder("kube-apiserver", "kubectl");
    }

    @Test
    void tailscaleIsTailscaledUnderAnotherName() throws IOException {
        build("tailscale").orFail();
        assertThat(built()).containsExactly("tailscaled");
        assertThat(noted("calls")).singleElement().asString().contains("ts_include_cli", "ts_omit_aws");
        try (var files = Files.walk(place.resolve("cache"))) {
            assertThat(files.filter(file -> file.endsWith("tailscale")).toList())
                    .singleElement()
                    .satisfies(link -> assertThat(Files.readSymbolicLink(link)).isEqualTo(Path.of("tailscaled")));
        }
    }

    @Test
    void whatTheCompilerSaysIsShownAndNothingIsLeftForABuild() throws IOException {
        Files.createFile(place.resolve("broken"));
        var ended = build("etcd");
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.stderr()).contains("it does not compile", "building etcd failed");
        Files.delete(place.resolve("broken"));
        build("etcd").orFail();
        assertThat(built()).containsExactly("etcd");
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
                .contains("\"$TESTBED_D/build\" etcd kube-apiserver kubectl headscale tailscale\n");
    }
}
