package com.xonetwork.tailnet.testbed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code hack/test} in a copy of the tree, where the suites only note that they were called. */
class TestScriptTest {

    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final List<String> SCRIPTS = List.of(
            "hack/test",
            "hack/test.d/reports",
            "hack/testbed.d/lib.sh",
            "hack/testbed.d/kubernetes/go.mod",
            "hack/testbed.d/etcd/go.mod",
            "hack/testbed.d/headscale/go.mod",
            "hack/testbed.d/tailscale/go.mod",
            "hack/testbed.d/helm/go.mod");
    private static final List<String> PROGRAMS = List.of(
            "go promtool shellcheck python3 ssh sshd ssh-keygen containerd runc ip nft iptables conntrack ipset umoci debootstrap"
                    .split(" "));
    /** An absolute path, of which the script wants to know whether it is there. */
    private static final Path BRIDGE = Path.of("/usr/lib/cni/bridge");

    private static final String BUILT = "mkdir -p target/quarkus-app; touch target/quarkus-app/quarkus-run.jar";
    private static final String REPORT = """
            mkdir -p target/failsafe-reports
            echo 'Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 1,234.56 s -- in org.example.SlowIT' \
                >target/failsafe-reports/slow.txt
            echo 'Tests run: 1, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 2 s -- in org.example.QuickIT' \
                >target/failsafe-reports/quick.txt
            """;

    @TempDir
    private Path tree;

    private record Ended(int code, String output) {}

    @BeforeEach
    void copy() throws IOException {
        for (var script : SCRIPTS) {
            Files.createDirectories(tree.resolve(script).getParent());
            Files.copy(Path.of(script), tree.resolve(script));
        }
        Files.createDirectories(tree.resolve("bin"));
        for (var program : PROGRAMS) {
            stub("bin/" + program, "");
        }
        stub("bin/git", "printf 'hack/test\\0'");
        stub("bin/id", "echo 0");
        stub("bin/mvn", "case $* in *'package -Pe2e'*) " + REPORT + BUILT + ";; esac");
        Files.createDirectories(tree.resolve("src/main/docker"));
        stub("src/main/docker/train", "touch \"$3\"");
        kubectl("");
        for (var suite : List.of("testbed", "quickstart", "images", "sbom", "test-runners")) {
            stub("hack/" + suite, "echo 'said by " + suite + "'");
        }
    }

    /** Where the script looks for the one that it has built. */
    private void kubectl(String does) throws IOException {
        var version = Files.readAllLines(tree.resolve("hack/testbed.d/kubernetes/go.mod")).stream()
                .filter(line -> line.contains("k8s.io/kubernetes v"))
                .map(line -> line.replaceAll(".*k8s.io/kubernetes (v[^ ]+).*", "$1"))
                .findFirst()
                .orElseThrow();
        Files.createDirectories(tree.resolve("cache/kubernetes-" + version));
        stub("cache/kubernetes-" + version + "/kubectl", does);
    }

    /** A program that notes its name and arguments, and then does this. */
    private void stub(String path, String does) throws IOException {
        var file = tree.resolve(path);
        Files.writeString(file, "#!/bin/bash\necho \"${0##*/} $*\" >>" + tree.resolve("calls") + "\n" + does + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Process start(String mavenArguments, String... arguments) throws IOException {
        var line =
                new ArrayList<>(List.of("/bin/bash", tree.resolve("hack/test").toString()));
        line.addAll(List.of(arguments));
        var builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(tree.resolve("output").toFile());
        var environment = builder.environment();
        environment.keySet().removeAll(List.of("CI", "XO_STARTED"));
        environment.put("MAVEN_ARGS", mavenArguments);
        environment.put("XO_TESTBED_CACHE", tree.resolve("cache").toString());
        environment.put("PATH", tree.resolve("bin") + ":" + environment.get("PATH"));
        environment.put("JAVA_HOME", Path.of(System.getProperty("java.home")).toString());
        return builder.start();
    }

    private Ended run(String... arguments) throws IOException, InterruptedException {
        return end(start("", arguments));
    }

    private Ended end(Process process) throws IOException, InterruptedException {
        assertThat(process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(tree.resolve("output")));
    }

    private List<String> calls() throws IOException {
        return Files.readAllLines(tree.resolve("calls"));
    }

    @Test
    void itEndsWithTheSlowestClassesAndTheSecondsOfEachSuite() throws Exception {
        var ended = run();
        assertThat(ended.code()).as(ended.output()).isZero();
        assertThat(ended.output())
                .contains("said by test-runners", "said by quickstart")
                .containsSubsequence(
                        "the slowest test classes:",
                        " 1234.6 s  SlowIT (3 tests)",
                        "    2.0 s  QuickIT (1 test)",
                        "each suite:",
                        " s  integration and end-to-end tests",
                        " s  the runners' tests, beside others",
                        " s  the quickstart, beside others",
                        "everything passed");
    }

    @Test
    void theNodeLevelBuildsNothing() throws Exception {
        assumeThat(BRIDGE).exists();
        run();
        assertThat(calls())
                .filteredOn(call -> call.contains("-Dcluster=node"))
                .singleElement()
                .asString()
                .startsWith("mvn -B -ntp failsafe:integration-test failsafe:verify ")
                .contains("-Dfailsafe.reportsDirectory=" + tree.toRealPath().resolve("target/node-reports"));
    }

    @Test
    void everyLevelStartsTheOperatorWithItsCache() throws Exception {
        assumeThat(BRIDGE).exists();
        run();
        var cache = tree.toRealPath().resolve("target/operator.aot");
        assertThat(cache).exists();
        assertThat(calls())
                .filteredOn(call -> call.contains("failsafe:integration-test"))
                .hasSize(4)
                .allMatch(call -> call.contains("-Doperator.aot=" + cache));
    }

    /** Each part has files and reports of its own, or two of them would end each other's API server. */
    @Test
    void noTestIsInTwoPartsAndNoneInNone() throws Exception {
        run();
        var parts = calls().stream()
                .filter(call -> call.contains("-Dtests.part="))
                .map(call -> call.replaceAll(".*-Dtests.part=", "").replaceAll("-Dplans.seed=[0-9] ", ""))
                .toList();
        var target = tree.toRealPath().resolve("target");
        assertThat(parts)
                .containsExactlyInAnyOrder(
                        "main -Dfailsafe.reportsDirectory=" + target + "/main-reports -DexcludedGroups=alone,quiet",
                        "alone -Dfailsafe.reportsDirectory=" + target + "/alone-reports -Dgroups=alone",
                        "quiet -Dfailsafe.reportsDirectory=" + target + "/quiet-reports -Dgroups=quiet");
        assertThat(parts.getLast()).startsWith("quiet ");
    }

    @Test
    void theOperatorOfAnEarlierBuildIsNotTested() throws Exception {
        assumeThat(BRIDGE).exists();
        Files.createDirectories(tree.resolve("target/quarkus-app"));
        Files.createFile(tree.resolve("target/quarkus-app/quarkus-run.jar"));
        stub("bin/mvn", "exit 1");
        var ended = run();
        assertThat(ended.code()).isNotZero();
        assertThat(ended.output())
                .contains("not run: the build above made no operator (target/quarkus-app/quarkus-run.jar)")
                .contains("failed: build tests node alone quiet");
        assertThat(calls()).noneMatch(call -> call.contains("-Dcluster=node"));
    }

    @Test
    void aFailureBesideIsCountedAndItsOutputPrinted() throws Exception {
        stub("hack/test-runners", "echo 'the runner is broken'; exit 3");
        var ended = run();
        assertThat(ended.code()).isNotZero();
        assertThat(ended.output())
                .contains("the runner is broken", "FAILED: the runners' tests", "error: failed: runners");
    }

    @Test
    void definitionsThatAQuickstartLeftAreAFailure() throws Exception {
        kubectl("echo customresourcedefinition.apiextensions.k8s.io/tailnets.tailnet.xo-network.com");
        assertThat(run().output()).contains("CRDs are left in the cluster", "error: failed: quickstart");
        kubectl("echo 'connection refused' >&2; exit 1");
        assertThat(run().output()).contains("connection refused", "error: failed: quickstart");
    }

    @Test
    void aThirdOfThePlansIsToldAndAllWithAll() throws Exception {
        assertThat(run().output()).containsPattern("the third of seed [012] ");
        assertThat(calls()).anyMatch(call -> call.matches("mvn .*failsafe:verify .*-Dplans\\.seed=[012] .*"));

        Files.delete(tree.resolve("calls"));
        assertThat(run("--all").output()).doesNotContain("the third of seed");
        assertThat(end(start("-Dplans.seed=7")).output()).doesNotContain("the third of seed");
        assertThat(calls()).noneMatch(call -> call.contains("-Dplans.seed"));
    }

    @Test
    void whenItIsEndedNothingRunsOn() throws Exception {
        var pid = tree.resolve("pid");
        stub("hack/test-runners", "echo $$ >" + pid + "; exec sleep 300");
        stub("bin/mvn", "sleep 1");
        var process = start("");
        Awaitility.await().atMost(LIMIT).until(() -> Files.exists(pid) && Files.size(pid) > 0);
        var runners =
                ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
        process.destroy();
        assertThat(end(process).code()).isEqualTo(143);
        Awaitility.await().atMost(LIMIT).until(() -> !runners.isAlive());
    }
}
