package com.xonetwork.tailnet.ship;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code hack/release-images} in a copy of the tree, where what it calls only notes that it was called. */
class ReleaseImagesTest {

    private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);
    private static final List<String> CONTAINERFILES =
            List.of("runners/image/Containerfile", "src/main/docker/Containerfile");
    private static final List<String> LIBRARY = List.of(
            "hack/testbed.d/lib.sh",
            "hack/testbed.d/kubernetes/go.mod",
            "hack/testbed.d/etcd/go.mod",
            "hack/testbed.d/headscale/go.mod",
            "hack/testbed.d/tailscale/go.mod",
            "hack/testbed.d/helm/go.mod");
    private static final List<String> TOOLS = List.of("bash", "awk", "sed", "dirname", "readlink", "cat");

    @TempDir
    private Path tree;

    private record Ended(int code, String output) {}

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectories(tree.resolve("hack"));
        Files.createDirectories(tree.resolve("target"));
        Files.copy(Path.of("hack/release-images"), tree.resolve("hack/release-images"));
        for (var file : LIBRARY) {
            Files.createDirectories(tree.resolve(file).getParent());
            Files.copy(Path.of(file), tree.resolve(file));
        }
        for (var file : CONTAINERFILES) {
            Files.createDirectories(tree.resolve(file).getParent());
            Files.writeString(
                    tree.resolve(file), Files.readString(Path.of(file)).replaceAll("@sha256:[0-9a-f]{64}", ""));
        }
        Files.createDirectories(tree.resolve("bin"));
        for (var tool : TOOLS) {
            executable("bin/" + tool, "exec " + found(tool) + " \"$@\"");
        }
        stub("hack/sbom", "");
        stub("bin/mvn", "");
        stub("bin/git", "");
        stub("bin/docker", "");
        stub("bin/skopeo", "echo " + DIGEST);
    }

    private static Path found(String tool) {
        return List.of("/usr/bin", "/bin", "/usr/local/bin").stream()
                .map(directory -> Path.of(directory, tool))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow();
    }

    /** A program that notes its name and arguments, and then does this. */
    private void stub(String path, String does) throws IOException {
        executable(path, "echo \"${0##*/} $*\" >>" + tree.resolve("calls") + "\n" + does);
    }

    private void executable(String path, String does) throws IOException {
        var file = tree.resolve(path);
        Files.writeString(file, "#!" + found("bash") + "\n" + does + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        var line = new ArrayList<>(List.of(
                found("bash").toString(), tree.resolve("hack/release-images").toString()));
        line.addAll(List.of(arguments));
        var output = tree.resolve("output");
        var builder = new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("PATH", tree.resolve("bin").toString());
        builder.environment()
                .put("JAVA_HOME", Path.of(System.getProperty("java.home")).toString());
        var process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(output));
    }

    private List<String> calls() throws IOException {
        var calls = tree.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private void pinned() throws IOException, InterruptedException {
        assertThat(run("pin").code()).isZero();
        Files.delete(tree.resolve("calls"));
    }

    @Test
    void aTagAloneIsRefusedAndNamed() throws Exception {
        var checked = run("check");
        assertThat(checked.code()).isEqualTo(1);
        assertThat(checked.output())
                .contains(
                        "runners/image/Containerfile: PYTHON_IMAGE: docker.io/library/python:",
                        "src/main/docker/Containerfile: JDK_IMAGE:",
                        "src/main/docker/Containerfile: BASE_IMAGE:",
                        "run hack/release-images pin");
    }

    @Test
    void digestsAreAskedForAndWritten() throws Exception {
        assertThat(run("pin").code()).isZero();
        assertThat(calls())
                .hasSize(3)
                .allMatch(call ->
                        call.matches("skopeo inspect --format \\{\\{\\.Digest}} docker://docker\\.io/\\S+:\\S+"));
        for (var file : CONTAINERFILES) {
            assertThat(Files.readString(tree.resolve(file))).contains("@" + DIGEST);
        }
        var checked = run("check");
        assertThat(checked.code()).as(checked.output()).isZero();
        assertThat(run("pin").code()).as("again, of the tags").isZero();
        assertThat(calls()).noneMatch(call -> call.contains("@"));
    }

    @Test
    void withoutSkopeoDockerAsks() throws Exception {
        Files.delete(tree.resolve("bin/skopeo"));
        stub("bin/docker", "echo " + DIGEST);
        assertThat(run("pin").code()).isZero();
        assertThat(calls()).hasSize(3).allMatch(call -> call.startsWith("docker buildx imagetools inspect "));
        assertThat(run("check").code()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"echo latest", "echo sha256:0123", "exit 1", "true"})
    void whatIsNoDigestIsNotWritten(String answer) throws Exception {
        stub("bin/skopeo", answer);
        assertThat(run("pin").code()).isEqualTo(1);
        for (var file : CONTAINERFILES) {
            assertThat(Files.readString(tree.resolve(file))).doesNotContain("@");
        }
    }

    @Test
    void anImageThatIsNamedInItsStageIsNotPassedOver() throws Exception {
        pinned();
        var file = tree.resolve(CONTAINERFILES.getFirst());
        Files.writeString(file, Files.readString(file) + "FROM docker.io/library/busybox:1\n");
        assertThat(run("check").output()).contains("FROM: docker.io/library/busybox:1 has no digest");
        assertThat(run("pin").output()).contains("name it by an ARG that ends in _IMAGE");
    }

    @Test
    void nothingIsBuiltOfTagsOrOfWhatIsNotCommitted() throws Exception {
        assertThat(run("build", "1.2.3", "registry.example.com/xo").code()).isEqualTo(1);
        assertThat(calls()).isEmpty();
        pinned();
        stub("bin/git", "echo ' M pom.xml'");
        var refused = run("build", "1.2.3", "registry.example.com/xo");
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.output()).contains("changes that are not committed");
        assertThat(calls()).containsExactly("git status --porcelain");
        assertThat(run("build", "1.2.3").code()).as("without a repository").isEqualTo(2);
    }

    @Test
    void bothImagesAreBuiltAndListed() throws Exception {
        pinned();
        var built = run("build", "1.2.3", "registry.example.com/xo");
        assertThat(built.code()).as(built.output()).isZero();
        assertThat(calls())
                .containsExactly(
                        "git status --porcelain",
                        "mvn -B -q -ntp clean package -DskipTests",
                        "docker build --pull -f src/main/docker/Containerfile -t registry.example.com/xo/xo-tailnet-operator:1.2.3 .",
                        "docker build --pull -f runners/image/Containerfile -t registry.example.com/xo/xo-runner:1.2.3 runners",
                        "docker save -o target/xo-tailnet-operator.tar registry.example.com/xo/xo-tailnet-operator:1.2.3",
                        "sbom target/xo-tailnet-operator.tar",
                        "docker save -o target/xo-runner.tar registry.example.com/xo/xo-runner:1.2.3",
                        "sbom target/xo-runner.tar");
    }

    @Test
    void podmanSavesInTheFormatOfOthers() throws Exception {
        pinned();
        Files.delete(tree.resolve("bin/docker"));
        stub("bin/podman", "");
        assertThat(run("build", "1.2.3", "registry.example.com/xo").code()).isZero();
        assertThat(calls())
                .contains(
                        "podman save --format oci-archive -o target/xo-runner.tar registry.example.com/xo/xo-runner:1.2.3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bin/mvn", "bin/docker", "hack/sbom"})
    void aStepThatFailsIsTheLast(String step) throws Exception {
        pinned();
        stub(step, "exit 3");
        assertThat(run("build", "1.2.3", "registry.example.com/xo").code()).isNotZero();
        assertThat(calls().getLast()).startsWith(step.substring(step.indexOf('/') + 1) + " ");
    }
}
