package com.xonetwork.tailnet.policy.compile;

import com.xonetwork.tailnet.policy.model.Located;
import com.xonetwork.tailnet.policy.model.Policy;
import com.xonetwork.tailnet.policy.model.Posture;
import com.xonetwork.tailnet.policy.model.PostureAssertion;
import java.math.BigInteger;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which nodes have a posture: all of its assertions hold. Rules name several, one of which is enough. An attribute that a
 * node does not report matches nothing, not even {@code !=} or {@code NOT IN} (tailscale.com/kb/1288).
 */
public final class Postures {

    private static final Pattern PART = Pattern.compile("(\\d+)|(\\D+)");

    private final Policy policy;
    private final TopologyIndex index;
    private final Map<String, BitSet> known = new HashMap<>();

    Postures(Policy policy, TopologyIndex index) {
        this.policy = policy;
        this.index = index;
    }

    /** The nodes that have one of them; all nodes if none is asked for. */
    BitSet anyOf(List<String> names) {
        if (names.isEmpty()) {
            return index.all();
        }
        BitSet nodes = new BitSet();
        names.forEach(name -> nodes.or(known.computeIfAbsent(name, this::find)));
        return nodes;
    }

    private BitSet find(String name) {
        BitSet nodes = new BitSet();
        Posture posture = policy.postures().get(name);
        if (posture != null) {
            for (int node = 0; node < index.size(); node++) {
                nodes.set(node, holds(posture, index.node(node).attributes()));
            }
        }
        return nodes;
    }

    private static boolean holds(Posture posture, Map<String, String> attributes) {
        return posture.assertions().stream().map(Located::value).allMatch(assertion -> holds(assertion, attributes));
    }

    /** Whether a device that reports this has one of the postures; any device has, if none is asked for. */
    public static boolean hold(Policy policy, List<String> names, Map<String, String> attributes) {
        return names.isEmpty()
                || names.stream()
                        .map(policy.postures()::get)
                        .anyMatch(posture -> posture != null && holds(posture, attributes));
    }

    static boolean holds(PostureAssertion assertion, Map<String, String> attributes) {
        String actual = attributes.get(assertion.attribute());
        if (actual == null) {
            return assertion.operator() == PostureAssertion.Operator.NOT_SET;
        }
        List<String> values = assertion.values();
        return switch (assertion.operator()) {
            case IS_SET -> true;
            case NOT_SET -> false;
            case EQUAL -> actual.equals(values.getFirst());
            case NOT_EQUAL -> !actual.equals(values.getFirst());
            case IN -> values.contains(actual);
            case NOT_IN -> !values.contains(actual);
            case LESS -> compare(actual, values.getFirst()) < 0;
            case LESS_OR_EQUAL -> compare(actual, values.getFirst()) <= 0;
            case GREATER -> compare(actual, values.getFirst()) > 0;
            case GREATER_OR_EQUAL -> compare(actual, values.getFirst()) >= 0;
        };
    }

    /** As versions: runs of digits by value, the rest as text, the longer one last ({@code tailscale.com/util/cmpver}). */
    static int compare(String a, String b) {
        Matcher left = PART.matcher(a);
        Matcher right = PART.matcher(b);
        while (true) {
            boolean more = left.find();
            if (!more || !right.find()) {
                // With nothing left on the left, there may be something left on the right.
                return more ? 1 : right.find() ? -1 : 0;
            }
            boolean numbers = left.group(1) != null && right.group(1) != null;
            int order = numbers
                    ? new BigInteger(left.group()).compareTo(new BigInteger(right.group()))
                    : left.group().compareTo(right.group());
            if (order != 0) {
                return order;
            }
        }
    }
}
