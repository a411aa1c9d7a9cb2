package com.xonetwork.tailnet.policy.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.policy.hujson.HuPath;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginTest {

    private static final PolicyFragment BASE = fragment("base", 9, """
            {"tagOwners": {"tag:b": ["z@x", "group:ops"], "tag:a": ["group:ops"]},
             "groups": {"group:ops": ["b@x", "a@x"]},
             "hosts": {"db": "10.0.0.1"},
             "autoApprovers": {"Routes": {"10.0.0.0/8": ["tag:b"]}},
             "acls": [{"action": "accept", "src": ["*"], "dst": ["tag:a:1"]}],
             "tests": [{"src": "tag:a", "accept": ["db:1"]}]}""");

    private static final PolicyFragment WEB = fragment("web", 0, """
            {"ACLs": [{"action": "accept", "src": ["tag:b"], "dst": ["db:1"]},
                      {"dst": ["tag:a:1"], "action": "accept", "src": ["*"]},
                      {"action": "accept", "src": ["tag:b"], "dst": ["tag:nope:1", "db:http"]}],
             "tagOwners": {"tag:b": ["group:web", "group:ops"]},
             "autoApprovers": {"routes": {"10.0.0.0/8": ["tag:a", "tag:b"]}, "exitNode": ["tag:c"]},
             "tests": [{"src": "tag:b", "accept": ["db:2"]}],
             "novelty": [7]}""");

    private static PolicyFragment fragment(String name, int priority, String text) {
        return new PolicyFragment(name, priority, PolicyText.parse(text));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acls[0].dst[0] | base acls[0].dst[0], web acls[1].dst[0]",
                "acls[1] | web acls[0]",
                "acls[2].dst[1] | web acls[2].dst[1]",
                "acls[2].proto | web acls[2]",
                "tests[1].accept[0] | web tests[0].accept[0]",
                "hosts.db | base hosts.db",
                "hosts | base hosts",
                "groups[\"group:ops\"][0] | base groups[\"group:ops\"][1]",
                // Sorted: group:ops, group:web, z@x.
                "tagOwners[\"tag:b\"][0] | base tagOwners[\"tag:b\"][1], web tagOwners[\"tag:b\"][1]",
                "tagOwners[\"tag:b\"][1] | web tagOwners[\"tag:b\"][0]",
                "tagOwners[\"tag:b\"][2] | base tagOwners[\"tag:b\"][0]",
                "autoApprovers.routes[\"10.0.0.0/8\"][0] | web autoApprovers.routes[\"10.0.0.0/8\"][0]",
                "autoApprovers.exitNode[0] | web autoApprovers.exitNode[0]",
                "novelty[0] | web novelty[0]",
            })
    void whoeverSaysItAndWhere(String place, String origins) {
        var fragments = List.of(BASE, WEB);

        assertThat(Origin.of(HuPath.parse(place), PolicyMerger.merge(fragments).policy(), fragments))
                .extracting(origin -> origin.fragment().name() + " " + origin.path())
                .containsExactly(origins.split(", "));
    }

    @Test
    void whatIsNotThereNobodySays() {
        var fragments = List.of(BASE, WEB);
        var merged = PolicyMerger.merge(fragments).policy();

        for (var place : List.of("", "ssh", "ssh[0].src", "acls[9]", "hosts[3]")) {
            assertThat(Origin.of(HuPath.parse(place), merged, fragments))
                    .as(place)
                    .isEmpty();
        }
    }

    /** Whatever the sections are, known or not. */
    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void everyValueOfThePolicyIsSaidBySomebody(
            @ForAll("policies") PolicyFragment one, @ForAll("policies") PolicyFragment other) {
        var two = new PolicyFragment("other", 1, other.content());
        var fragments = PolicyMerger.merge(List.of(one, two)).conflicts().isEmpty() ? List.of(one, two) : List.of(one);
        var merged = PolicyMerger.merge(fragments).policy();

        var places = new ArrayList<HuPath>();
        collect(merged, new HuPath(List.of()), places);

        assertThat(places).allSatisfy(place -> {
            var origins = Origin.of(place, merged, fragments);
            assertThat(origins).as("%s of %s", place, merged).isNotEmpty();
            assertThat(origins)
                    .allSatisfy(origin -> assertThat(
                                    CanonicalForm.of(at(origin.fragment().content(), origin.path())))
                            .isEqualTo(CanonicalForm.of(at(merged, place))));
        });
    }

    @Provide
    Arbitrary<PolicyFragment> policies() {
        return PolicyArbitraries.policy().map(content -> new PolicyFragment("any", 0, content));
    }

    private static void collect(JsonNode value, HuPath at, List<HuPath> places) {
        if (value.isContainerNode()) {
            value.properties()
                    .forEach(field -> collect(field.getValue(), at.below(new HuPath.Member(field.getKey())), places));
            for (int i = 0; value.isArray() && i < value.size(); i++) {
                collect(value.get(i), at.below(new HuPath.Element(i)), places);
            }
        } else {
            places.add(at);
        }
    }

    private static JsonNode at(JsonNode root, HuPath path) {
        var value = root;
        for (var step : path.steps()) {
            value = switch (step) {
                case HuPath.Member(String name) -> value.path(name);
                case HuPath.Element(int index) -> value.path(index);
            };
        }
        return value;
    }
}
