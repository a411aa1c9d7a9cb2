package com.xonetwork.tailnet.policy.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What people and CI get to see: exit codes and text. */
class PolicyToolTest {

    private static final String CAPTURES = "src/test/resources/policy-captures";

    @TempDir
    private Path directory = Path.of("");

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void files() throws IOException {
        write(
                "good",
                "{'tagOwners': {'tag:a': [], 'tag:b': []}, 'grants': [{'src': ['tag:a'], 'dst': ['tag:b'], 'ip': ['tcp:22']}],"
                        + " 'tests': [{'src': 'tag:a', 'accept': ['tag:b:22'], 'deny': ['tag:b:23']}]}");
        write(
                "closed",
                "{'tagOwners': {'tag:a': [], 'tag:b': []}, 'grants': [],"
                        + " 'tests': [{'src': 'tag:a', 'accept': ['tag:b:22']}]}");
        write("broken", "{'grants': [{'src': ['tag:none'], 'dst': ['*'], 'ip': ['*']}]}");
        write(
                "odd",
                "{'tagOwners': {'tag:my_server': [], 'tag:x:y': []}, 'acls': [{'action': 'accept', 'src': ['tag:my_server'],"
                        + " 'dst': ['[fd7a:115c:a1e0::]/48:22', 'tag:x:y:22']}],"
                        + " 'tests': [{'src': 'tag:my_server', 'accept': ['tag:x:y:22']}]}");
        write("text", "{'grants': [}");
        write(
                "topology",
                "{'nodes': {'x': {'tags': ['tag:a'], 'ipv4': '100.64.0.1'},"
                        + " 'y': {'tags': ['tag:b'], 'ipv4': '100.64.0.2'}}}");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--no-such-option",
                "nonsense",
                "check",
                "check FILE:missing",
                "check FILE:good --output xml",
                "check FILE:good --control-plane netbird",
                "test",
                "test FILE:good --topology FILE:missing",
                "test FILE:good --topology FILE:text",
                "diff FILE:good",
                "diff FILE:good FILE:missing",
                "diff FILE:text FILE:good",
                "diff FILE:good FILE:good FILE:good",
                "diff FILE:good FILE:good --topology FILE:good.x",
                "captures",
                "captures FILE:missing",
                "captures FILE:",
                "captures " + CAPTURES + " --show no-such-case"
            })
    void bad_input_is_2_and_said_on_standard_error(String line) {
        assertThat(run(line)).isEqualTo(2);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString()).isNotEmpty().doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource({
        "check FILE:good, 0, 'DIR/good: fine'",
        "check FILE:good FILE:broken, 1, 'DIR/broken: line 1, column 22 (grants[0].src[0]): src=tag not found: \"tag:none\"'",
        "check FILE:text, 1, 'DIR/text: line 1, column 13'",
        "check FILE:odd, 1, 'tag names can only contain numbers, letters, or dashes'",
        "check FILE:odd --control-plane headscale, 0, 'DIR/odd: fine'",
        "test FILE:odd --control-plane headscale, 0, 'DIR/odd: fine'",
        "test FILE:good, 0, 'DIR/good: fine'",
        "test FILE:good --topology FILE:topology, 0, 'DIR/good: fine'",
        "test FILE:closed, 1, 'DIR/closed: line 1, column'",
        "test FILE:broken, 1, 'src=tag not found: \"tag:none\"'",
        "diff FILE:good FILE:good, 0, no change",
        "diff FILE:closed FILE:good, 1, tag:a gains tcp 22 on tag:b",
        "diff FILE:closed FILE:good --topology FILE:topology, 1, tag:a gains tcp 22 on tag:b (1 → 1 machine)",
        "diff FILE:good FILE:closed --output json, 1, '\"text\" : \"tag:a loses tcp 22 on tag:b\"'",
        "check FILE:broken --output json, 1, '\"fine\" : false'",
        "--help, 0, captures",
        "diff --help, 0, All rules",
    })
    void answers(String line, int code, String text) {
        assertThat(run(line)).as(err.toString()).isEqualTo(code);
        assertThat(out.toString()).contains(text.replace("DIR", directory.toString()));
        assertThat(err.toString()).isEmpty();
    }

    @Test
    void captures_say_what_is_identical_and_exit_0() {
        assertThat(run("captures " + CAPTURES)).isZero();
        assertThat(out.toString())
                .contains("acl.jsonl: packet filters (nodes): identical 927 of 927")
                .contains("total: accept or reject: identical 509 of 509")
                .contains("total: packet filters (nodes): identical 4867 of 4868")
                .contains("total: SSH rules (nodes): identical 4868 of 4868");
    }

    @Test
    void captures_show_the_difference_of_a_case() {
        assertThat(run("captures " + CAPTURES + " --show policytest-allpass-grants-only-tag-src-ipv6-literal-dst"))
                .isZero();
        assertThat(out.toString()).contains("beedrill, packet filter").contains("engine only:");
    }

    @Test
    void a_folder_with_a_line_that_is_no_capture_is_bad_input() throws IOException {
        write("x.jsonl", "{'id': 'a'}");

        assertThat(run("captures FILE:")).isEqualTo(2);
        assertThat(err.toString()).contains("x.jsonl, line 1: not a capture");
    }

    private int run(String line) {
        CommandLine tool = PolicyTool.commandLine();
        tool.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = arguments[i].replace("FILE:", directory + "/");
        }
        return tool.execute(arguments);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(directory.resolve(name), text.replace('\'', '"'));
    }
}
