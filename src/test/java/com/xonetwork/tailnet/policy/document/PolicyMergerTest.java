package com.xonetwork.tailnet.policy.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import net.jqwik.api.statistics.StatisticsReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyMergerTest {

    /** Fragment {@code a} comes before {@code b}. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | {} | {}",
                "{'acls': []} | {} | {'acls':[]}",
                "{'grants': []} | {'acls': null} | {'grants':[]}",
                "{'hosts': {}} | {'novelty': {}} | {'hosts':{},'novelty':{}}",
                // Union of keys and of lists
                "{'tagOwners': {'tag:b': ['z@y']}} | {'tagOwners': {'tag:b': ['x@y', 'z@y'], 'tag:a': []}} | {'tagOwners':{'tag:a':[],'tag:b':['x@y','z@y']}}",
                "{'tagOwners': {'tag:b': null}} | {'tagOwners': {'tag:b': ['x@y']}} | {'tagOwners':{'tag:b':['x@y']}}",
                "{'autoApprovers': {'exitNode': ['tag:b']}} | {'autoApprovers': {'exitNode': ['tag:a'], 'routes': {'::/0': ['tag:a']}}} | {'autoApprovers':{'exitNode':['tag:a','tag:b'],'routes':{'::/0':['tag:a']}}}",
                "{'autoApprovers': {'routes': {'::/0': ['tag:b']}}} | {'autoApprovers': {'routes': {'::/0': ['tag:a']}}} | {'autoApprovers':{'routes':{'::/0':['tag:a','tag:b']}}}",
                "{'autoApprovers': {'services': {'svc:a': ['tag:b']}}} | {'autoApprovers': {'services': {'svc:b': []}}} | {'autoApprovers':{'services':{'svc:a':['tag:b'],'svc:b':[]}}}",
                "{'autoApprovers': {'routes': null}} | {'autoApprovers': {'routes': {}}} | {'autoApprovers':{'routes':{}}}",
                // The same said twice
                "{'groups': {'group:a': ['x@y', 'z@y']}} | {'groups': {'group:a': ['z@y', 'x@y', 'x@y']}} | {'groups':{'group:a':['x@y','z@y']}}",
                "{'hosts': {'a': '10.0.0.1'}} | {'hosts': {'b': '10.0.0.2', 'a': '10.0.0.1'}} | {'hosts':{'a':'10.0.0.1','b':'10.0.0.2'}}",
                "{'derpMap': {'a': 1, 'b': 2}} | {'derpMap': {'b': 2, 'a': 1}} | {'derpMap':{'a':1,'b':2}}",
                "{'disableIPv4': true} | {'disableIPv4': true} | {'disableIPv4':true}",
                // Rules: in order of precedence, each once
                "{'acls': [{'a': 1}, {'a': 2}]} | {'acls': [{'a': 3}, {'a': 1}]} | {'acls':[{'a':1},{'a':2},{'a':3}]}",
                "{'tests': [{'a': 1, 'b': 2}, {'b': 2, 'a': 1}]} | {} | {'tests':[{'a':1,'b':2}]}",
                "{'acls': []} | {'acls': [{'a': 1}]} | {'acls':[{'a':1}]}",
                "{'novelty': [2]} | {'novelty': [1, 2]} | {'novelty':[2,1]}",
                "{'novelty': {'b': {'x': 1}}} | {'novelty': {'a': 1, 'b': {'x': 1}}} | {'novelty':{'a':1,'b':{'x':1}}}",
                // Order of sections
                "{'derpMap': {}, 'zeta': 1, 'sshTests': [], 'tests': [], 'nodeAttrs': [], 'ssh': []} | {'alpha': 1, 'grants': [], 'acls': [], 'defaultSrcPosture': [], 'postures': {}, 'autoApprovers': {}, 'tagOwners': {}, 'ipsets': {}, 'hosts': {}, 'groups': {}} | {'groups':{},'hosts':{},'ipsets':{},'tagOwners':{},'autoApprovers':{},'postures':{},'defaultSrcPosture':[],'acls':[],'grants':[],'ssh':[],'nodeAttrs':[],'tests':[],'sshTests':[],'alpha':1,'zeta':1,'derpMap':{}}",
            })
    void joins(String a, String b, String expected) {
        MergeResult result = PolicyMerger.merge(List.of(fragment("b", 0, b), fragment("a", 0, a)));

        assertThat(result.conflicts()).isEmpty();
        assertThat(result.policy()).hasToString(expected.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'groups': {'group:a': ['x@y']}} | {'groups': {'group:a': ['x@y', 'z@y']}} | groups | group:a",
                "{'groups': {'group:a': []}} | {'groups': {'group:a': 'x@y'}} | groups | group:a",
                "{'hosts': {'db': '10.0.0.1'}} | {'hosts': {'db': '10.0.0.2'}} | hosts | db",
                "{'hosts': {'db': '10.0.0.1'}} | {'hosts': []} | hosts | ``",
                "{'postures': {'posture:a': ['x', 'y']}} | {'postures': {'posture:a': ['y', 'x']}} | postures | posture:a",
                "{'ipsets': {'ipset:a': ['x']}} | {'ipsets': {'ipset:a': []}} | ipsets | ipset:a",
                "{'attrConfig': {'custom:a': {'type': 'string'}}} | {'attrConfig': {'custom:a': {}}} | attrConfig | custom:a",
                "{'novelty': {'a': 1}} | {'novelty': {'a': 2}} | novelty | a",
                "{'novelty': 1} | {'novelty': 2} | novelty | ``",
                "{'novelty': []} | {'novelty': {}} | novelty | ``",
                "{'disableIPv4': true} | {'disableIPv4': false} | disableIPv4 | ``",
                "{'derpMap': {'a': 1}} | {'derpMap': {'b': 2}} | derpMap | ``",
                "{'defaultSrcPosture': ['a']} | {'defaultSrcPosture': ['a', 'b']} | defaultSrcPosture | ``",
                "{'acls': []} | {'acls': {}} | acls | ``",
                "{'tagOwners': {'tag:a': []}} | {'tagOwners': {'tag:a': 'x@y'}} | tagOwners | tag:a",
                "{'autoApprovers': {'routes': {'::/0': []}}} | {'autoApprovers': {'routes': {'::/0': 1}}} | autoApprovers | routes.::/0",
                "{'autoApprovers': {'novelty': 1}} | {'autoApprovers': {'novelty': 2}} | autoApprovers | novelty",
            })
    void refusesTheLaterOfTwoThatClash(String a, String b, String section, String key) {
        MergeResult result =
                PolicyMerger.merge(List.of(fragment("a", 0, withMark(a, "a")), fragment("b", 0, withMark(b, "b"))));

        assertThat(result.conflicts()).containsOnlyKeys("b");
        assertThat(result.conflicts().get("b"))
                .extracting(Conflict::with, Conflict::section, Conflict::key)
                .containsExactly("a", section, key);
        assertThat(result.sections()).containsOnlyKeys("a");
        assertThat(result.policy().path("ssh").toString())
                .as("the whole fragment")
                .isEqualTo("[\"a\"]");
    }

    @Test
    void saysWhoClashesWithWhomOverWhat() {
        MergeResult result = PolicyMerger.merge(List.of(
                fragment("team-b/web", 0, "{'hosts': {'db': '10.0.0.2'}}"),
                fragment("team-a/base", 10, "{'hosts': {'db': '10.0.0.1'}}")));

        assertThat(result.conflicts().get("team-b/web").message())
                .isEqualTo("\"team-b/web\" (priority 0) cannot be merged: it says hosts[\"db\"] is \"10.0.0.2\","
                        + " but \"team-a/base\" (priority 10) comes first and says \"10.0.0.1\"."
                        + " Make both the same, or change or remove one.");
    }

    @Test
    void shortensValuesInMessages() {
        String long1 = "{'derpMap': {'a': '" + "x".repeat(5_000) + "'}}";
        MergeResult result =
                PolicyMerger.merge(List.of(fragment("a", 0, long1), fragment("b", 0, long1.replace('x', 'y'))));

        assertThat(result.conflicts().get("b").message()).hasSizeLessThan(400).contains("…");
    }

    @Test
    void higherPriorityComesFirst() {
        MergeResult result = PolicyMerger.merge(List.of(
                fragment("a", 1, "{'acls': [{'n': 2}], 'disableIPv4': true}"),
                fragment("c", 2, "{'acls': [{'n': 1}], 'disableIPv4': false}"),
                fragment("b", 0, "{'acls': [{'n': 3}]}")));

        assertThat(result.policy()).hasToString("{\"acls\":[{\"n\":1},{\"n\":3}],\"disableIPv4\":false}");
        assertThat(result.conflicts()).containsOnlyKeys("a");
    }

    /** A fragment that is left out takes nobody with it. */
    @Test
    void aRefusedFragmentDoesNotClash() {
        MergeResult result = PolicyMerger.merge(List.of(
                fragment("a", 3, "{'hosts': {'x': '10.0.0.1'}}"),
                fragment("b", 2, "{'hosts': {'x': '10.0.0.2', 'y': '10.0.0.3'}}"),
                fragment("c", 1, "{'hosts': {'y': '10.0.0.4'}}")));

        assertThat(result.conflicts()).containsOnlyKeys("b");
        assertThat(result.policy()).hasToString("{\"hosts\":{\"x\":\"10.0.0.1\",\"y\":\"10.0.0.4\"}}");
    }

    @Test
    void namesTheSectionsOfEach() {
        MergeResult result = PolicyMerger.merge(List.of(
                fragment("a", 0, "{'acls': [], 'hosts': {'x': '10.0.0.1'}, 'ssh': null}"), fragment("b", 0, "{}")));

        assertThat(result.sections()).containsExactly(entry("a", List.of("hosts", "acls")), entry("b", List.of()));
    }

    @Test
    void refusesTwoOfOneName() {
        assertThatThrownBy(() -> PolicyMerger.merge(List.of(fragment("a", 0, "{}"), fragment("a", 1, "{}"))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void theOrderOfInputDoesNotMatter(@ForAll("fragments") List<PolicyFragment> fragments, @ForAll Random random) {
        List<PolicyFragment> shuffled = new ArrayList<>(fragments);
        Collections.shuffle(shuffled, random);

        MergeResult one = PolicyMerger.merge(fragments);
        MergeResult other = PolicyMerger.merge(shuffled);

        assertThat(text(other)).isEqualTo(text(one));
        assertThat(List.copyOf(other.conflicts().entrySet()))
                .isEqualTo(List.copyOf(one.conflicts().entrySet()));
        assertThat(List.copyOf(other.sections().entrySet()))
                .isEqualTo(List.copyOf(one.sections().entrySet()));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void mergingTheResultChangesNothing(@ForAll("fragments") List<PolicyFragment> fragments) {
        MergeResult once = PolicyMerger.merge(fragments);
        MergeResult twice = PolicyMerger.merge(List.of(new PolicyFragment("all", 0, once.policy())));

        assertThat(twice.conflicts()).isEmpty();
        assertThat(text(twice)).isEqualTo(text(once));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    @StatisticsReport(StatisticsReport.StatisticsReportMode.OFF)
    void everyFragmentIsTakenOrRefused(@ForAll("fragments") List<PolicyFragment> fragments) {
        MergeResult result = PolicyMerger.merge(fragments);

        Statistics.label("clashes")
                .collect(!result.conflicts().isEmpty())
                .coverage(seen -> seen.check(true).percentage(share -> share > 10 && share < 90));
        assertThat(result.sections().size() + result.conflicts().size()).isEqualTo(fragments.size());
        result.conflicts()
                .values()
                .forEach(conflict -> assertThat(result.sections()).containsKey(conflict.with()));
        boolean rules = fragments.stream()
                .filter(fragment -> result.sections().containsKey(fragment.name()))
                .anyMatch(fragment -> !new PolicyView(fragment.content()).allowsEverything());
        assertThat(new PolicyView(result.policy()).allowsEverything())
                .as("never opens")
                .isEqualTo(!rules);
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void oneFragmentMeansWhatItSays(@ForAll("fragments") List<PolicyFragment> fragments) {
        for (PolicyFragment fragment : fragments) {
            MergeResult alone = PolicyMerger.merge(List.of(fragment));
            assertThat(new PolicyView(alone.policy()).tags()).isEqualTo(new PolicyView(fragment.content()).tags());
            assertThat(alone.conflicts()).isEmpty();
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void fragmentsAreLeftAlone(@ForAll("fragments") List<PolicyFragment> fragments) {
        List<String> before =
                fragments.stream().map(f -> f.content().toString()).toList();
        PolicyMerger.merge(fragments).policy().removeAll();
        assertThat(fragments.stream().map(f -> f.content().toString())).isEqualTo(before);
    }

    @Provide
    Arbitrary<List<PolicyFragment>> fragments() {
        return PolicyArbitraries.fragments();
    }

    private static String text(MergeResult result) {
        return PolicyRenderer.render(result.policy(), List.of());
    }

    private static String withMark(String policy, String mark) {
        return policy.substring(0, policy.length() - 1) + ", 'ssh': ['" + mark + "']}";
    }

    private static Map.Entry<String, List<String>> entry(String name, List<String> sections) {
        return Map.entry(name, sections);
    }

    private static PolicyFragment fragment(String name, int priority, String policy) {
        return new PolicyFragment(name, priority, PolicyText.parse(policy.replace('\'', '"')));
    }
}
