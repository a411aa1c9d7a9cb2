package com.xonetwork.tailnet.policy.reach;

import com.xonetwork.tailnet.policy.model.IpAddress;
import com.xonetwork.tailnet.policy.model.IpPrefix;
import com.xonetwork.tailnet.policy.topology.Topology;
import com.xonetwork.tailnet.policy.topology.TopologyNode;
import com.xonetwork.tailnet.policy.topology.TopologyUser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A tailnet and policies of any size, the same for the same seed: one node in five is a user's, the others have one to three
 * tags of 60, one in a hundred routes a subnet.
 */
public final class LargeTailnet {

    private static final int TAGS = 60;
    private static final int GROUPS = 30;

    private final int nodes;
    private final int rules;
    private final int users;

    public LargeTailnet(int nodes, int rules) {
        this.nodes = nodes;
        this.rules = rules;
        this.users = Math.max(1, nodes / 10);
    }

    public Topology topology() {
        Random random = new Random(1);
        List<TopologyUser> people = IntStream.range(0, users)
                .mapToObj(i -> new TopologyUser("" + i, "user" + i, "user" + i + "@example.com", ""))
                .toList();
        List<TopologyNode> machines = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            boolean tagged = i % 5 != 0;
            List<String> tags = tagged
                    ? IntStream.rangeClosed(0, random.nextInt(3))
                            .mapToObj(t -> tag(random))
                            .distinct()
                            .toList()
                    : List.of();
            List<IpPrefix> routes =
                    i % 100 == 1 ? List.of(IpPrefix.of("10." + (i / 100 % 256) + ".0.0/16")) : List.of();
            machines.add(new TopologyNode(
                    "node-" + i,
                    tagged ? "" : "user" + random.nextInt(users),
                    tags,
                    List.of(IpAddress.v4(0x64400000L + 256 + i), IpAddress.v6(0xfd7a115ca1e00000L, i + 1)),
                    routes,
                    routes,
                    Map.of()));
        }
        return new Topology(people, machines);
    }

    /** @param changed how many rules are other than in the policy with 0 changed */
    public String policy(int changed) {
        Random random = new Random(2);
        String groups = IntStream.range(0, GROUPS)
                .mapToObj(group -> "\"group:g" + group + "\": ["
                        + IntStream.range(0, users / 10 + 1)
                                .mapToObj(i -> "\"user" + random.nextInt(users) + "@example.com\"")
                                .collect(Collectors.joining(","))
                        + "]")
                .collect(Collectors.joining(","));
        String grants = IntStream.range(0, rules)
                .mapToObj(rule -> rule(rule, random, rule < changed))
                .collect(Collectors.joining(",\n"));
        return "{\"groups\": {" + groups + "},\n\"grants\": [" + grants + "]}";
    }

    private static String rule(int rule, Random random, boolean changed) {
        List<String> sources =
                Stream.of(source(random), source(random)).distinct().toList();
        String destination = destination(rule, random);
        int port = 1 + random.nextInt(60_000);
        return "{\"src\": [" + sources.stream().map(s -> "\"" + s + "\"").collect(Collectors.joining(","))
                + "], \"dst\": [\"" + destination + "\"], \"ip\": [\"tcp:" + (changed ? port + 1 : port) + "\"]}";
    }

    private static String source(Random random) {
        return switch (random.nextInt(10)) {
            case 0 -> "autogroup:member";
            case 1, 2, 3 -> "group:g" + random.nextInt(GROUPS);
            default -> tag(random);
        };
    }

    private static String destination(int rule, Random random) {
        String drawn = tag(random);
        return switch (rule % 20) {
            case 0 -> "*";
            case 1 -> "autogroup:tagged";
            case 2 -> "10." + random.nextInt(50) + ".0.0/16";
            case 3 -> "autogroup:member";
            default -> drawn;
        };
    }

    private static String tag(Random random) {
        return "tag:t" + random.nextInt(TAGS);
    }
}
