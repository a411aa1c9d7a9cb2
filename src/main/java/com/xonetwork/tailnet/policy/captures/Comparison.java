package com.xonetwork.tailnet.policy.captures;

import com.xonetwork.tailnet.policy.compile.CompiledPolicy;
import com.xonetwork.tailnet.policy.compile.RuleJson;
import com.xonetwork.tailnet.policy.hujson.HuJsonSyntaxException;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.topology.TopologyNode;
import com.xonetwork.tailnet.policy.validate.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * One capture beside what the engine says.
 *
 * @param answer of the engine
 * @param nodes those of an accepted policy whose rules were captured
 */
public record Comparison(Capture capture, CapturedAnswer answer, List<NodeComparison> nodes) {

    public Comparison {
        nodes = List.copyOf(nodes);
    }

    /** Rules of one node in the canonical form, one text each. */
    public record NodeComparison(
            String node, List<String> expectedFilter, List<String> filter, List<String> expectedSsh, List<String> ssh) {

        public boolean sameFilter() {
            return filter.equals(expectedFilter);
        }

        public boolean sameSsh() {
            return ssh.equals(expectedSsh);
        }
    }

    /**
     * @param judge validation and tests: of a policy and a topology
     */
    public static Comparison of(Capture capture, BiFunction<Policy, CompiledPolicy, Verdict> judge) {
        Optional<Policy> policy;
        CapturedAnswer answer;
        try {
            policy = Optional.of(Policy.parse(capture.policy()));
            answer = CapturedAnswer.ACCEPTED;
        } catch (HuJsonSyntaxException e) {
            policy = Optional.empty();
            answer = CapturedAnswer.rejected(e.problem());
        }
        List<NodeComparison> nodes = new ArrayList<>();
        if (policy.isPresent()) {
            CompiledPolicy compiled = new CompiledPolicy(policy.get(), capture.topology());
            answer = answer(judge.apply(policy.get(), compiled));
            List<TopologyNode> all = capture.topology().nodes();
            for (int node = 0; node < all.size(); node++) {
                Capture.NodeRules expected = capture.rules().get(all.get(node).name());
                if (expected != null) {
                    nodes.add(new NodeComparison(
                            all.get(node).name(),
                            CanonicalRules.packetFilter(expected.packetFilter()),
                            CanonicalRules.packetFilter(RuleJson.packetFilter(compiled.packetFilter(node))),
                            CanonicalRules.sshRules(expected.sshRules()),
                            CanonicalRules.sshRules(RuleJson.sshRules(compiled.sshRules(node)))));
                }
            }
        }
        return new Comparison(capture, answer, nodes);
    }

    private static CapturedAnswer answer(Verdict verdict) {
        return verdict.accepted() ? CapturedAnswer.ACCEPTED : CapturedAnswer.rejected(verdict.message());
    }

    public boolean sameDecision() {
        return answer.accepted() == capture.answer().accepted();
    }

    /** Whether a refused policy is refused with the same words. */
    public boolean sameMessage() {
        return !answer.accepted() && answer.message().equals(capture.answer().message());
    }

    /** Whether nothing at all differs. */
    public boolean identical() {
        boolean sameAnswer = capture.answer().accepted() ? answer.accepted() : sameMessage();
        return sameAnswer && nodes.stream().allMatch(node -> node.sameFilter() && node.sameSsh());
    }

    /** What differs, for people; empty if nothing does. */
    public List<String> differences() {
        List<String> lines = new ArrayList<>();
        if (!sameDecision() || (!capture.answer().accepted() && !sameMessage())) {
            lines.add("service: " + describe(capture.answer()));
            lines.add("engine:  " + describe(answer));
        }
        for (NodeComparison node : nodes) {
            difference(node.node() + ", packet filter", node.expectedFilter(), node.filter(), lines);
            difference(node.node() + ", SSH rules", node.expectedSsh(), node.ssh(), lines);
        }
        return lines;
    }

    private static String describe(CapturedAnswer answer) {
        return answer.accepted() ? "accepts" : "rejects: " + answer.message();
    }

    private static void difference(String what, List<String> expected, List<String> actual, List<String> lines) {
        if (expected.equals(actual)) {
            return;
        }
        lines.add(what);
        List<String> missing = new ArrayList<>(expected);
        actual.forEach(missing::remove);
        List<String> surplus = new ArrayList<>(actual);
        expected.forEach(surplus::remove);
        missing.forEach(rule -> lines.add("  service only: " + rule));
        surplus.forEach(rule -> lines.add("  engine only:  " + rule));
        if (missing.isEmpty() && surplus.isEmpty()) {
            lines.add("  the same rules in another order");
        }
    }
}
