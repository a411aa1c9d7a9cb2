package com.xonetwork.tailnet.policy.compile;

import com.xonetwork.tailnet.policy.model.Selector;
import com.xonetwork.tailnet.policy.net.AddressSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * The sources of rules as the service writes them: each selector for itself, the texts of all of them sorted and without
 * repetition, but with overlaps (acl-m06 has {@code 100.64.0.0-100.115.91.255} and an address within it). Equal lists are
 * the same object, since hundreds of rules have the thousand addresses of {@code autogroup:member} as their source.
 */
final class Sources {

    /**
     * The addresses that the service gives to nodes: 100.64.0.0/10 without the range of ChromeOS's containers, and
     * Tailscale's part of the unique local addresses.
     */
    private static final List<String> TAILNET =
            List.of("100.115.94.0-100.127.255.255", "100.64.0.0-100.115.91.255", "fd7a:115c:a1e0::/48");

    private final TopologyIndex index;
    private final Selectors selectors;
    private final Postures postures;
    private final Map<Key, List<String>> known = new HashMap<>();
    private final Map<List<String>, List<String>> interned = new HashMap<>();

    private record Key(List<Selector> selectors, List<String> postures) {}

    Sources(TopologyIndex index, Selectors selectors, Postures postures) {
        this.index = index;
        this.selectors = selectors;
        this.postures = postures;
    }

    /** Empty if the selectors stand for nothing. */
    List<String> texts(List<Selector> sources, List<String> posture) {
        Key key = new Key(sources, posture);
        List<String> texts = known.get(key);
        if (texts == null) {
            texts = find(sources, posture);
            known.put(key, texts);
        }
        return texts;
    }

    /** The nodes among the sources that have the posture. */
    BitSet nodes(List<Selector> sources, List<String> posture) {
        BitSet nodes = new BitSet();
        sources.forEach(source -> nodes.or(selectors.nodes(source)));
        nodes.and(postures.anyOf(posture));
        return nodes;
    }

    /** The addresses of nodes. */
    List<String> texts(BitSet nodes) {
        return merge(nodes, new TreeSet<>());
    }

    private List<String> find(List<Selector> sources, List<String> posture) {
        boolean everybody = posture.isEmpty();
        BitSet fit = postures.anyOf(posture);
        BitSet nodes = new BitSet();
        TreeSet<String> others = new TreeSet<>();
        for (Selector source : sources) {
            Selection selection = selectors.select(source);
            switch (selection.kind()) {
                case NODES -> nodes.or(selection.nodes());
                case ADDRESSES ->
                    others.addAll(fitting(selection.addresses(), everybody, fit).texts());
                case WILDCARD -> {
                    // Postures do not regard who is behind a router.
                    others.addAll(index.routeTexts());
                    others.addAll(everybody ? TAILNET : List.of());
                    nodes.or(everybody ? new BitSet() : index.all());
                }
                case DANGER_ALL -> others.add("*");
                case INTERNET, SELF -> {
                    // Nobody comes from there.
                }
            }
        }
        nodes.and(fit);
        return merge(nodes, others);
    }

    private AddressSet fitting(AddressSet addresses, boolean everybody, BitSet fit) {
        if (everybody) {
            return addresses;
        }
        BitSet unfit = index.withAddressIn(addresses);
        unfit.andNot(fit);
        return unfit.stream()
                .boxed()
                .flatMap(node -> index.node(node).addresses().stream())
                .map(AddressSet::of)
                .reduce(addresses, AddressSet::subtract);
    }

    private List<String> merge(BitSet nodes, TreeSet<String> others) {
        BitSet ranks = new BitSet();
        nodes.stream().forEach(node -> {
            for (int rank : index.ranksOf(node)) {
                ranks.set(rank);
            }
        });
        List<String> texts = new ArrayList<>(ranks.cardinality() + others.size());
        ranks.stream().forEach(rank -> {
            String text = index.rankedText(rank);
            while (!others.isEmpty() && others.first().compareTo(text) <= 0) {
                String other = others.removeFirst();
                if (!other.equals(text)) {
                    texts.add(other);
                }
            }
            texts.add(text);
        });
        texts.addAll(others);
        return interned.computeIfAbsent(List.copyOf(texts), list -> list);
    }
}
