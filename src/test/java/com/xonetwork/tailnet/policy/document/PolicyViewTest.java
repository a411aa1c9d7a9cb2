package com.xonetwork.tailnet.policy.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyViewTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // policy | allows everything | blank
                "{} | true | true",
                "{'acls': null, 'grants': null} | true | true",
                "{'hosts': {}, 'tests': []} | true | true",
                "{'acls': []} | false | false",
                "{'ACLs': []} | false | false",
                "{'grants': []} | false | false",
                "{'acls': null, 'grants': [1]} | false | false",
                "{'tagOwners': {'tag:a': []}} | true | false",
                "{'ssh': [1]} | true | false",
                "{'disableIPv4': false} | true | false",
            })
    void knowsWhatRulesMean(String policy, boolean allowsEverything, boolean blank) {
        assertThat(view(policy).allowsEverything()).isEqualTo(allowsEverything);
        assertThat(view(policy).isBlank()).isEqualTo(blank);
    }

    @Test
    void knowsTheTags() {
        assertThat(view("{'TagOwners': {'tag:b': [], 'tag:a': null}}").tags()).containsExactly("tag:a", "tag:b");
        assertThat(view("{'tagOwners': []}").tags()).isEmpty();
        assertThat(view("{}").tags()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {'acls': null} | true",
                "{} | {'acls': []} | false",
                "{'acls': [1, 2]} | {'ACLs': [1, 2,] /* c */} | true",
                "{'acls': [1, 2]} | {'acls': [2, 1]} | false",
                "{'acls': [{'src': ['a', 'b']}]} | {'acls': [{'src': ['b', 'a']}]} | false",
                "{'acls': [{'a': 1, 'b': 2}]} | {'acls': [{'b': 2, 'a': 1}]} | true",
                "{'groups': {'group:a': ['x', 'y']}} | {'groups': {'group:a': ['y', 'x', 'x']}} | true",
                "{'groups': {'group:a': ['x', 'y']}} | {'groups': {'group:a': ['x']}} | false",
                "{'tagOwners': {'tag:a': ['x', 'y'], 'tag:b': []}} | {'tagOwners': {'tag:b': null, 'tag:a': ['y', 'x']}} | true",
                "{'autoApprovers': {'exitNode': ['x', 'y'], 'routes': {'::/0': ['x', 'y']}}} | {'autoApprovers': {'routes': {'::/0': ['y', 'x']}, 'exitNode': ['y', 'x']}} | true",
                "{'postures': {'posture:a': ['x', 'y']}} | {'postures': {'posture:a': ['y', 'x']}} | false",
                "{'novelty': 1} | {'novelty': 1.0} | true",
                "{'novelty': 1} | {'novelty': '1'} | false",
                "{'novelty': ['a,b']} | {'novelty': ['a', 'b']} | false",
                "{'novelty': null} | {'novelty': [null]} | false",
            })
    void comparesMeaning(String one, String other, boolean same) {
        assertThat(view(one).sameAs(view(other))).isEqualTo(same);
        assertThat(view(one).fingerprint().equals(view(other).fingerprint())).isEqualTo(same);
    }

    /** Kept in statuses: a change here would make every tailnet look changed after an upgrade. */
    @Test
    void fingerprintStaysAcrossVersions() {
        assertThat(view("{}").fingerprint())
                .isEqualTo("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
        assertThat(
                        view("{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:*']}], 'groups': {'group:a': ['y@z', 'x@z']}}")
                                .fingerprint())
                .isEqualTo("9d890a2e4b0e0ae784acff7f57773a4c59ff44c884b3d12a4a11525257fb3715");
    }

    @Test
    void numbersCompareByValueWhateverNodeTheyAreIn() {
        ObjectNode asInt = JsonNodeFactory.instance.objectNode().put("n", 5);
        ObjectNode asLong = JsonNodeFactory.instance.objectNode().put("n", 5L);
        assertThat(new PolicyView(asInt).sameAs(new PolicyView(asLong))).isTrue();
    }

    @Test
    void refusesTwoSpellingsOfOneSection() {
        ObjectNode policy = JsonNodeFactory.instance.objectNode();
        policy.putArray("acls");
        policy.putArray("ACLs");
        assertThatThrownBy(() -> new PolicyView(policy))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("acls");
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void writingDoesNotCount(@ForAll("policies") ObjectNode policy, @ForAll Random random) {
        PolicyView view = new PolicyView(policy);
        PolicyView rewritten = PolicyView.of(PolicyRenderer.render(shuffled(policy, random), List.of("written again")));

        assertThat(rewritten.sameAs(view)).isTrue();
        assertThat(rewritten.fingerprint()).isEqualTo(view.fingerprint()).matches("[0-9a-f]{64}");
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void mergingAloneKeepsWhatTheServiceSees(@ForAll("policies") ObjectNode policy) {
        PolicyView merged = new PolicyView(
                PolicyMerger.merge(List.of(new PolicyFragment("a", 0, policy))).policy());
        assertThat(merged.allowsEverything()).isEqualTo(new PolicyView(policy).allowsEverything());
        assertThat(merged.isBlank()).isEqualTo(new PolicyView(policy).isBlank());
    }

    @Provide
    Arbitrary<ObjectNode> policies() {
        return PolicyArbitraries.policy();
    }

    private static ObjectNode shuffled(ObjectNode object, Random random) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        Collections.shuffle(names, random);
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        names.forEach(name -> result.set(
                name, object.get(name) instanceof ObjectNode below ? shuffled(below, random) : object.get(name)));
        return result;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'acls': []} | {'acls': []} | true",
                "{'acls': [1, 2]} | {'acls': [2, 3, 1], 'grants': [4]} | true",
                "{'acls': [1, 2]} | {'acls': [2]} | false",
                "{'grants': [{'src': ['a'], 'ip': []}]} | {'grants': [{'ip': [], 'src': ['a']}]} | true",
                "{'acls': [1], 'groups': {'g': ['a']}} | {'acls': [1], 'groups': {'g': ['a'], 'h': []}} | true",
                "{'acls': [1], 'groups': {'g': ['a', 'b']}} | {'acls': [1], 'groups': {'g': ['a']}} | false",
                "{'acls': [1], 'hosts': {'h': '10.0.0.1'}} | {'acls': [1]} | false",
                "{'acls': [1]} | {'acls': [1], 'defaultSrcPosture': ['posture:p']} | false",
                "{} | {'acls': [1]} | false",
            })
    void rulesAreKeptIfAllAreThereAndMeanTheSame(String before, String after, boolean kept) {
        assertThat(view(after).keepsRulesOf(view(before))).isEqualTo(kept);
    }

    private static PolicyView view(String policy) {
        return PolicyView.of(policy.replace('\'', '"'));
    }
}
