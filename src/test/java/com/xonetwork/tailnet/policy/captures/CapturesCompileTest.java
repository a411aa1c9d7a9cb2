package com.xonetwork.tailnet.policy.captures;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.policy.validate.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The engine's rules beside what the live service sent to nodes. */
class CapturesCompileTest {

    private static final Path CAPTURES = Path.of("src/test/resources/policy-captures");

    /**
     * The service sent no rule although the policy names {@code fd7a:115c:a1e0::10} and the topology has a node of that
     * address: the addresses of the captures are made up after the fact, and the node had another then.
     */
    private static final String RENUMBERED = "policytest-allpass-grants-only-tag-src-ipv6-literal-dst";

    @Test
    void rules_are_the_services() throws IOException {
        List<Comparison> comparisons = comparisons();
        Score score = Score.of(comparisons);

        assertThat(comparisons).hasSize(509);
        assertThat(score.packetFilters()).hasToString("identical 4867 of 4868");
        assertThat(score.sshRules()).hasToString("identical 4868 of 4868");
        assertThat(comparisons)
                .filteredOn(one -> one.nodes().stream().anyMatch(node -> !node.sameFilter()))
                .extracting(one -> one.capture().id())
                .containsExactly(RENUMBERED);
    }

    /** A score over nodes without rules would say little. */
    @Test
    void many_nodes_have_rules() throws IOException {
        List<Comparison.NodeComparison> nodes =
                comparisons().stream().flatMap(one -> one.nodes().stream()).toList();

        assertThat(nodes.stream()
                        .filter(node -> !node.expectedFilter().isEmpty())
                        .count())
                .isEqualTo(2349);
        assertThat(nodes.stream().filter(node -> !node.expectedSsh().isEmpty()).count())
                .isEqualTo(100);
    }

    private static List<Comparison> comparisons() throws IOException {
        List<Comparison> comparisons = new ArrayList<>();
        try (Stream<Path> files = Files.list(CAPTURES)) {
            for (Path file : files.filter(path -> path.toString().endsWith(".jsonl"))
                    .sorted()
                    .toList()) {
                for (String line : Files.readAllLines(file)) {
                    comparisons.add(Comparison.of(
                            Capture.parse(line), (policy, compiled) -> new Verdict(List.of(), List.of())));
                }
            }
        }
        return comparisons;
    }
}
