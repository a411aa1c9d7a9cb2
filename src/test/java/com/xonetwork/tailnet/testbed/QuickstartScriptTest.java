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

/** When {@code hack/quickstart --cluster current} refuses a cluster. What it does in one that it takes, {@code hack/test} shows on a real API server. */
class QuickstartScriptTest {

    @TempDir
    private Path place;

    /** A kubectl that knows a cluster where nothing stands in the way, but for what {@code answers} says. */
    private void kubectl(String answers) throws IOException {
        program("kubectl", """
                echo "$*" >>"${0%/*}/calls"
                case $* in
                """ + answers + """
                  'config current-context') echo kind-try ;;
                  'config view --minify -o '*) echo https://192.0.2.1:6443 ;;
                  *'--raw /version') echo '{"major": "1", "minor": "34"}' ;;
                  *' get crd '*) ;;
                  *' get namespace '*) exit 1 ;;
                esac
                """);
    }

    private void program(String name, String text) throws IOException {
        var file = Files.writeString(place.resolve(name), "#!/usr/bin/env bash\n" + text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @BeforeEach
    void nothingIsBuilt() throws IOException {
        program("mvn", "exit 1\n");
        program("go", "exit 1\n");
    }

    private CommandResult quickstart(String... options) {
        var line = new ArrayList<>(List.of("hack/quickstart", "--cluster", "current", "--once"));
        line.addAll(List.of(options));
        return run(line);
    }

    private CommandResult run(List<String> line) {
        return new Command(
                        line,
                        Map.of(
                                "PATH", place + ":" + System.getenv("PATH"),
                                "JAVA_HOME", System.getProperty("java.home"),
                                "XO_TESTBED_CACHE", place.resolve("cache").toString(),
                                "XO_TESTBED_DIR", place.resolve("state").toString()))
                .run();
    }

    private void refused(CommandResult ended, String why) throws IOException {
        assertThat(ended.exitCode()).as(ended.stdout()).isNotZero();
        assertThat(ended.stderr()).contains("error: " + why);
        assertThat(place.resolve("state"))
                .as("state, with a copy of the kubeconfig")
                .doesNotExist();
        assertThat(place.resolve("state.current")).doesNotExist();
        assertThat(Files.readAllLines(place.resolve("calls")))
                .as("calls that change the cluster")
                .noneMatch(call -> call.matches(".* (create|apply|delete|patch) .*") && !call.contains(" can-i "));
    }

    @Test
    void withoutAContext() throws IOException {
        kubectl("'config current-context') exit 1 ;;\n");
        refused(quickstart("--yes"), "kubectl has no current context");
    }

    @Test
    void whenNobodyCanBeAsked() throws IOException {
        kubectl("");
        var ended = quickstart();
        refused(ended, "nobody can be asked whether the quickstart may use this cluster: add --yes");
        assertThat(ended.stdout()).contains("kind-try (https://192.0.2.1:6443)");
    }

    @Test
    void aClusterThatDoesNotAnswer() throws IOException {
        kubectl("*'--raw /version') echo 'connection refused' >&2; exit 1 ;;\n");
        refused(quickstart("--yes"), "the cluster of the context kind-try does not answer: connection refused");
    }

    @Test
    void anOldCluster() throws IOException {
        kubectl("*'--raw /version') echo '{\"major\": \"1\", \"minor\": \"29+\"}' ;;\n");
        refused(quickstart("--yes"), "the cluster is Kubernetes 1.29: the operator needs 1.30 or newer");
    }

    @Test
    void withoutRights() throws IOException {
        kubectl("*' can-i '*' create namespaces') exit 1 ;;\n");
        refused(quickstart("--yes"), "the user of the context kind-try may not create namespaces");
    }

    @Test
    void whereAnOperatorIsInstalled() throws IOException {
        kubectl("*' get deployments --all-namespaces '*) echo 'net/xo ' ;;\n");
        refused(quickstart("--yes"), "the operator is installed in that cluster (Deployment net/xo)");
    }

    @Test
    void whereAnotherVersionsDefinitionsAre() throws IOException {
        kubectl("*' get crd tailnets.tailnet.xo-network.com '*) echo tailnets ;;\n*' diff '*) exit 1 ;;\n");
        refused(quickstart("--yes"), "the cluster has CRDs of another version of the operator");
    }

    @Test
    void whereTheNamespaceIsTaken() throws IOException {
        kubectl("*' get namespace quickstart') ;;\n");
        refused(quickstart("--yes"), "the cluster has a namespace quickstart");
    }

    /** What an earlier quickstart has noted that it made. */
    private Path notes() throws IOException {
        var notes = Files.createDirectories(place.resolve("state.current"));
        Files.createFile(notes.resolve("kubeconfig"));
        Files.createFile(notes.resolve("namespace"));
        Files.writeString(notes.resolve("crds"), "tailnets.tailnet.xo-network.com\n");
        return notes;
    }

    @Test
    void whatCouldNotBeRemovedIsNotForgotten() throws IOException {
        var notes = notes();
        kubectl("*' delete namespace '*) echo 'connection refused' >&2; exit 1 ;;\n");
        var ended = run(List.of("hack/quickstart", "--down"));
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.stdout())
                .contains("the namespace quickstart was not removed: connection refused")
                .contains("When it answers again: hack/quickstart --down");
        assertThat(notes.resolve("namespace")).exists();

        kubectl("*' get namespace '*) echo NotFound >&2; exit 1 ;;\n");
        assertThat(run(List.of("hack/quickstart", "--down")).exitCode()).isZero();
        assertThat(notes).doesNotExist();
        assertThat(Files.readAllLines(place.resolve("calls")))
                .anyMatch(call -> call.contains("delete crd tailnets.tailnet.xo-network.com"));
    }

    @Test
    void aDefinitionThatCouldNotBeDeletedIsNotForgotten() throws IOException {
        var notes = notes();
        kubectl("*' delete crd '*) exit 1 ;;\n*' get namespace '*) echo NotFound >&2; exit 1 ;;\n");
        assertThat(run(List.of("hack/quickstart", "--down")).exitCode()).isNotZero();
        assertThat(notes.resolve("crds")).exists();
    }

    @Test
    void anotherOneIsRefusedUntilThen() throws IOException {
        var notes = notes();
        kubectl("");
        var ended = quickstart("--yes");
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.stderr()).contains("error: an earlier quickstart has left something in a cluster");
        assertThat(notes.resolve("crds")).exists();
    }
}
