package com.xonetwork.tailnet.policy.captures;

import java.util.List;
import java.util.function.Predicate;

/** How many of how many are identical, of each thing that is compared. */
public record Score(Ratio cases, Ratio decisions, Ratio messages, Ratio packetFilters, Ratio sshRules) {

    public static final Score NONE = new Score(Ratio.NONE, Ratio.NONE, Ratio.NONE, Ratio.NONE, Ratio.NONE);

    /** @param of how many were compared */
    public record Ratio(int identical, int of) {

        static final Ratio NONE = new Ratio(0, 0);

        private Ratio plus(Ratio other) {
            return new Ratio(identical + other.identical, of + other.of);
        }

        private static <T> Ratio of(List<T> all, Predicate<T> same) {
            return new Ratio((int) all.stream().filter(same).count(), all.size());
        }

        @Override
        public String toString() {
            return "identical " + identical + " of " + of;
        }
    }

    public static Score of(List<Comparison> comparisons) {
        List<Comparison> refused = comparisons.stream()
                .filter(one -> !one.capture().answer().accepted())
                .toList();
        List<Comparison.NodeComparison> nodes =
                comparisons.stream().flatMap(one -> one.nodes().stream()).toList();
        return new Score(
                Ratio.of(comparisons, Comparison::identical),
                Ratio.of(comparisons, Comparison::sameDecision),
                Ratio.of(refused, Comparison::sameMessage),
                Ratio.of(nodes, Comparison.NodeComparison::sameFilter),
                Ratio.of(nodes, Comparison.NodeComparison::sameSsh));
    }

    public Score plus(Score other) {
        return new Score(
                cases.plus(other.cases),
                decisions.plus(other.decisions),
                messages.plus(other.messages),
                packetFilters.plus(other.packetFilters),
                sshRules.plus(other.sshRules));
    }

    /** One line each, for people and for grep. */
    public List<String> lines(String name) {
        return List.of(
                name + ": whole cases: " + cases,
                name + ": accept or reject: " + decisions,
                name + ": messages of rejections: " + messages,
                name + ": packet filters (nodes): " + packetFilters,
                name + ": SSH rules (nodes): " + sshRules);
    }
}
