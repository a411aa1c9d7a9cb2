package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestAclPolicy.acl;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.api.v1alpha1.PolicyGuardPair;
import com.xonetwork.tailnet.api.v1alpha1.PolicyGuards;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.policy.Publishing.Answer;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.testing.TestView;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a policy would do is known before it is published, and some of it is held back. */
class PolicyGuardsTest {

    private static final String NAMES = "'tagOwners': {'tag:web': ['autogroup:admin'], 'tag:db': ['autogroup:admin'],"
            + " 'tag:ops': ['autogroup:admin'], 'tag:new': ['autogroup:admin']},"
            + " 'groups': {'group:dev': ['ann@example.com']}, 'hosts': {'printer': '100.64.0.99'}";
    private static final String FIRST = "{'src': ['tag:web'], 'dst': ['tag:db'], 'ip': ['tcp:5432']}";
    private static final String SECOND = "{'src': ['tag:ops'], 'dst': ['tag:web'], 'ip': ['tcp:22']}";
    private static final String THIRD = "{'src': ['group:dev'], 'dst': ['tag:web'], 'ip': ['443']}";
    private static final List<Device> DEVICES = List.of(
            device("1", "web-1")
                    .tags("tag:web")
                    .addresses("100.64.0.1", "fd7a:115c:a1e0::1")
                    .build(),
            device("2", "db-1")
                    .tags("tag:db")
                    .addresses("100.64.0.2", "fd7a:115c:a1e0::2")
                    .build(),
            device("3", "ops-1")
                    .tags("tag:ops")
                    .addresses("100.64.0.3", "fd7a:115c:a1e0::3")
                    .build(),
            device("4", "ann-1")
                    .user("ann@example.com")
                    .addresses("100.64.0.4", "fd7a:115c:a1e0::4")
                    .build());

    private static String rules(String... grants) {
        return "{" + NAMES + ", 'grants': [" + String.join(",", grants) + "]}";
    }

    private static Publishing change(String before, String after) {
        return Publishing.of(acl("base", after))
                .on(TestView.of(DEVICES))
                .inForce(before)
                .owned();
    }

    private static PolicyGuards ratio(int percent) {
        return new PolicyGuards(null, null, percent);
    }

    private static PolicyGuards mustReach(String src, String dst, String proto) {
        return new PolicyGuards(List.of(new PolicyGuardPair(src, dst, proto)), null, 100);
    }

    private static PolicyGuards mustNotReach(String src, String dst, String proto) {
        return new PolicyGuards(null, List.of(new PolicyGuardPair(src, dst, proto)), 100);
    }

    private static void held(Answer answer, String... words) {
        assertThat(answer.publishes()).as(answer.message()).isFalse();
        assertThat(answer.said()).isEqualTo("False/HeldByGuard");
        assertThat(answer.message())
                .contains(words)
                .contains("tailnet.xo-network.com/approve="
                        + Objects.requireNonNull(answer.plan().status()).mergedHash());
        assertThat(answer.fragment("base").state()).isEqualTo(State.HELD);
    }

    @Test
    void losingMoreThanHalfIsHeldUntilApproved() {
        var change = change(rules(FIRST, SECOND, THIRD), rules(THIRD.replace("443", "tcp:443")));
        var answer = change.plan();
        held(
                answer,
                "maxRemovedEdgesRatio (50%): 75% of the connections that are allowed now would be lost",
                "tag:ops loses tcp 22");

        var hash = Objects.requireNonNull(answer.plan().status()).mergedHash();
        held(change.approved("0000").plan(), "50%");
        assertThat(change.approved(hash).plan().publishes()).isTrue();
    }

    @Test
    void theCommandThatApprovesIsWholeHoweverManyReasonsThereAre() {
        var pairs = IntStream.range(1000, 1030)
                .mapToObj(port -> new PolicyGuardPair("tag:ops", "tag:web:" + port, "tcp"))
                .toList();
        var answer = change(rules(FIRST, SECOND), rules(FIRST))
                .guards(new PolicyGuards(pairs, null, 100))
                .plan();
        held(answer, "policy.guards hold back the merged policy: mustReach[0]");
        assertThat(answer.message())
                .hasSizeLessThan(950)
                .contains("…. Change the policy, or approve it: kubectl annotate tailnets.tailnet.xo-network.com home ")
                .endsWith(Objects.requireNonNull(answer.plan().status()).mergedHash());
    }

    /** The control plane says both, the policy in force and the machines: it took minutes, or all memory. */
    @Test
    @Timeout(60)
    void whatIsTooMuchIsNotComparedAndHeldUntilApproved() {
        var machines = IntStream.range(0, 5_000)
                .mapToObj(i -> device("n" + i, "m-" + i)
                        .addresses("100.64.%d.%d".formatted(i / 256, i % 256), "fd7a:115c:a1e0::%x".formatted(i + 1))
                        .build())
                .toList();
        var rules = IntStream.range(0, 10_000).mapToObj(PolicyGuardsTest::rule).collect(Collectors.joining(","));
        var change = Publishing.of(acl("base", rules(FIRST)))
                .on(TestView.of(machines))
                .inForce("{'acls': [" + rules + "]}")
                .owned();
        var answer = change.plan();
        held(answer, "the operator does not compute how much access would be lost", "more than the operator compares");
        assertThat(answer.fragment("base").impact()).isNull();
        var hash = Objects.requireNonNull(answer.plan().status()).mergedHash();
        assertThat(change.approved(hash).plan().publishes()).isTrue();
    }

    private static String rule(int i) {
        return "{'action': 'accept', 'src': ['100.64.%d.%d'], 'dst': ['100.64.%d.%d:%d']}"
                .formatted(i / 256 % 20, i % 256, i / 256 % 20, 255 - i % 256, i + 1);
    }

    @ParameterizedTest
    @CsvSource({"49,false", "50,true", "100,true"})
    void halfIsHalf(int percent, boolean published) {
        var answer = change(rules(FIRST, SECOND), rules(SECOND))
                .guards(ratio(percent))
                .plan();
        assertThat(answer.publishes()).as(answer.message()).isEqualTo(published);
    }

    @Test
    void theRatioDoesNotCountWhereNothingOfOursIsInForce() {
        var all = "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:*']}]}";
        var policy = acl("base", rules());
        assertThat(Publishing.of(policy).on(TestView.of(DEVICES)).plan().publishes())
                .as("never set")
                .isTrue();
        assertThat(Publishing.of(policy)
                        .on(TestView.of(DEVICES))
                        .inForce(all)
                        .plan()
                        .publishes())
                .as("the service's default, or so it may be")
                .isTrue();
        assertThat(Publishing.of(policy)
                        .on(TestView.of(DEVICES))
                        .inForce(all)
                        .replacing()
                        .plan()
                        .publishes())
                .as("somebody else's that is to be replaced")
                .isTrue();
        held(change(all, rules()).plan(), "100%");
    }

    @Test
    void whatWasPublishedLastIsPutBackWhateverIsLost() {
        var all = "{'acls': [{'action': 'accept', 'src': ['*'], 'dst': ['*:*']}]}";
        var hash = Objects.requireNonNull(change(all, rules()).plan().plan().status())
                .mergedHash();
        assertThat(change(all, rules()).published(hash).plan().publishes()).isTrue();
    }

    @Test
    void withoutDevicesALossWaitsAndAnAdditionDoesNot() {
        var stale = TestView.of(DEVICES).freshness(Freshness.STALE);
        var loss = Publishing.of(acl("base", rules(FIRST)))
                .on(stale)
                .inForce(rules(FIRST, SECOND))
                .owned();
        assertThat(loss.plan().said()).isEqualTo("Unknown/TailnetNotReady");
        assertThat(loss.guards(ratio(100)).plan().publishes()).isTrue();

        var more = Publishing.of(acl("base", rules(FIRST, SECOND)))
                .on(TestView.of(DEVICES).freshness(Freshness.STALE))
                .inForce(rules(FIRST))
                .owned();
        assertThat(more.plan().publishes()).isTrue();
        assertThat(more.guards(mustReach("tag:ops", "tag:web:22", null)).plan().said())
                .isEqualTo("Unknown/TailnetNotReady");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tag:ops | tag:web:22 | tcp |",
                "tag:ops | tag:web:22 | |",
                "ann@example.com | tag:web:443 | udp |",
                "100.64.0.3 | 100.64.0.1:22 | |",
                "tag:ops | tag:web:22 | udp | tag:ops would not reach udp 22 on tag:web",
                "tag:ops | tag:web:22-23 | tcp | tag:ops would not reach tcp 23 on tag:web",
                "* | tag:web:443 | tcp | would not reach tcp 443 on tag:web",
                "tag:ops | tag:new:22 | tcp | tag:ops would not reach tcp 22 on tag:new",
                "bob@example.com | tag:web:443 | tcp | bob@example.com would not reach tcp 443 on tag:web",
                "tag:typo | tag:web:22 | tcp | tag:typo is not known",
                "group:none | tag:web:22 | tcp | group:none is not known",
                "tag:ops | nowhere:22 | tcp | nowhere is not known",
                "tag:ops | svc:x:22 | tcp | svc:x is not known",
                "tag:ops | tag:web:0 | tcp | first port must be >0",
                "tag:ops | tag:web:22 | nonsense | nonsense",
                "tag:ops | 10.9.9.9:22 | tcp | tag:ops would not reach tcp 22 on 10.9.9.9",
            })
    void mustReach(String src, String dst, String proto, String violation) {
        var answer = change(rules(FIRST), rules(FIRST, SECOND, THIRD))
                .guards(mustReach(src, dst, proto))
                .plan();
        if (violation == null) {
            assertThat(answer.publishes()).as(answer.message()).isTrue();
        } else {
            held(answer, "mustReach[0] (" + src + " -> " + dst, violation);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tag:web | tag:ops:* | |",
                "tag:ops | tag:web:23 | |",
                "tag:ops | tag:web:22 | udp |",
                "tag:new | tag:db:* | |",
                "tag:ops | tag:web:* | | tag:ops would reach tcp 22 on tag:web",
                "100.64.0.0/10 | tag:db:* | | web-1 (100.64.0.1) would reach tcp 5432 on tag:db",
                "autogroup:member | 100.64.0.1:443 | udp | would reach udp 443 on",
                "* | tag:db:5432 | tcp | tag:web would reach tcp 5432 on tag:db",
                "tag:ops | printer:* | |",
                "tag:typo | tag:web:22 | tcp | tag:typo is not known",
            })
    void mustNotReach(String src, String dst, String proto, String violation) {
        var answer = change(rules(FIRST), rules(FIRST, SECOND, THIRD))
                .guards(mustNotReach(src, dst, proto))
                .plan();
        if (violation == null) {
            assertThat(answer.publishes()).as(answer.message()).isTrue();
        } else {
            held(answer, "mustNotReach[0] (" + src + " -> " + dst, violation);
        }
    }

    @Test
    void ownDevicesCountForBothKindsOfGuard() {
        var self = rules("{'src': ['autogroup:member'], 'dst': ['autogroup:self'], 'ip': ['tcp:22']}");
        var devices = new ArrayList<>(DEVICES);
        devices.add(device("5", "ann-2")
                .user("ann@example.com")
                .addresses("100.64.0.5")
                .build());
        var change = Publishing.of(acl("base", self))
                .on(TestView.of(devices))
                .inForce(rules())
                .owned();
        assertThat(change.guards(mustReach("100.64.0.4", "100.64.0.5:22", "tcp"))
                        .plan()
                        .publishes())
                .isTrue();
        held(change.guards(mustNotReach("100.64.0.4", "100.64.0.5:22", "tcp")).plan(), "would reach tcp 22");
        held(change.guards(mustReach("tag:ops", "100.64.0.5:22", "tcp")).plan(), "tag:ops would not reach");
    }

    @Test
    void whatWouldBeRefusedIsNotSent() {
        var answer = change(rules(FIRST), rules(FIRST, SECOND.replace("tag:web", "tag:gone")))
                .plan();
        assertThat(answer.publishes()).isFalse();
        assertThat(answer.said()).isEqualTo("False/PolicyRejected");
        assertThat(answer.message()).contains("tag not found: \"tag:gone\"", "grants[1]", "policy.validation: Warn");
    }

    /** Both are taken by Headscale 0.29.1; the control plane is left to judge. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'action': 'accept', 'src': ['tag:web'], 'dst': ['tag:db:0-65535']}",
                "{'action': 'accept', 'src': ['user:*@elsewhere.example'], 'dst': ['tag:db:22']}",
            })
    void whatNotEveryControlPlaneRefusesIsSent(String acl) {
        var answer = change(rules(FIRST), rules(FIRST).replace("'grants'", "'acls': [" + acl + "], 'grants'"))
                .plan();
        assertThat(answer.publishes()).as(answer.message()).isTrue();
    }

    @Test
    void whoIsWarnedPublishesAllTheSameAndIsToldAfterwards() {
        var broken = rules(FIRST, SECOND.replace("tag:web", "tag:gone"));
        assertThat(change(rules(FIRST), broken).warning().plan().publishes()).isTrue();
        var inForce = change(broken, broken).warning().plan();
        assertThat(inForce.said()).isEqualTo("True/InSync");
        assertThat(inForce.message()).contains("tag not found");
        assertThat(change(broken, broken).plan().message()).doesNotContain("tag:gone");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'src': 'tag:ops', 'accept': ['tag:web:22']} |",
                "{'src': 'ann@example.com', 'accept': ['tag:web:443']} |",
                "{'src': 'bob@example.com', 'deny': ['tag:web:443']} |",
                "{'src': 'tag:ops', 'accept': ['tag:db:22']} | tag:ops: address \"tag:db:22\": want: Accept, got: Drop",
                // Who is an admin is not known, so the control plane is left to judge.
                "{'src': 'autogroup:admin', 'accept': ['tag:web:22']} |",
            })
    void aFailingTestIsNotSent(String test, String failure) {
        var tested = rules(FIRST, SECOND, THIRD).replace("'grants'", "'tests': [" + test + "], 'grants'");
        var answer = change(rules(FIRST), tested).plan();
        assertThat(answer.publishes()).as(answer.message()).isEqualTo(failure == null);
        if (failure != null) {
            assertThat(answer.said()).isEqualTo("False/PolicyRejected");
            assertThat(answer.message()).contains("test(s) failed", failure);
        }
    }

    @Test
    void theImpactIsTold() {
        var status = Objects.requireNonNull(
                change(rules(FIRST, SECOND), rules(SECOND, THIRD)).plan().plan().status());
        var impact = Objects.requireNonNull(status.impact());
        assertThat(impact.added()).isEqualTo(1);
        assertThat(impact.removed()).isEqualTo(1);
        assertThat(impact.changes())
                .containsExactly(
                        "tag:web loses tcp 5432 on tag:db (1 → 1 machine)",
                        "group:dev gains tcp+udp 443 on tag:web (1 → 1 machine)");
        assertThat(impact.unknown()).isNull();
        assertThat(change(rules(FIRST), rules(FIRST)).plan().plan().status().impact())
                .as("it is in force")
                .isNull();
    }

    @Test
    void anObservedFragmentHasItsOwnImpact() {
        var draft = "{'grants': [{'src': ['tag:ops', 'autogroup:admin'], 'dst': ['tag:db'], 'ip': ['tcp:22']}]}";
        var answer = Publishing.of(
                        acl("base", rules(FIRST)), acl("draft", draft).observed())
                .on(TestView.of(DEVICES))
                .inForce(rules(FIRST))
                .owned()
                .plan();
        assertThat(answer.said()).isEqualTo("True/InSync");
        var impact = Objects.requireNonNull(answer.fragment("draft").impact());
        assertThat(impact.changes()).containsExactly("tag:ops gains tcp 22 on tag:db (1 → 1 machine)");
        assertThat(impact.unknown()).contains("roles of users");
        assertThat(answer.fragment("base").impact()).isNull();
    }

    @Test
    void linesAreBoundedAndLossesAreNotCrowdedOut() {
        var many = IntStream.range(0, 80)
                .mapToObj(i -> "{'src': ['100.64.0." + (i % 4 + 1) + "'], 'dst': ['10.0." + i + ".0/24'], 'ip': ['tcp:"
                        + (1000 + i) + "']}")
                .toArray(String[]::new);
        var router = device("9", "router")
                .tags("tag:router")
                .addresses("100.64.0.9")
                .advertises("10.0.0.0/8")
                .approvedFor("10.0.0.0/8")
                .build();
        var devices = new ArrayList<>(DEVICES);
        devices.add(router);
        var status = Objects.requireNonNull(Publishing.of(acl("base", rules(many)))
                .on(TestView.of(devices))
                .inForce(rules(FIRST))
                .owned()
                .plan()
                .plan()
                .status());
        var impact = Objects.requireNonNull(status.impact());
        assertThat(impact.added()).isEqualTo(80);
        assertThat(impact.removed()).isEqualTo(1);
        assertThat(impact.changes()).hasSize(50).first().asString().contains("loses");
    }

    @Test
    void nothingIsComputedTwiceWhileNothingChanges() {
        var input = change(rules(FIRST, SECOND), rules(SECOND, THIRD)).input();
        var foresight = input.foresight();
        var first = PolicyPlanner.plan(input);
        var devices = Objects.requireNonNull(input.view().devices());
        var machines = foresight.machines(devices);
        assertThat(foresight.machines(DeviceList.of(DEVICES, TestView.TAKEN_AT)).number())
                .as("another list with the same machines")
                .isEqualTo(machines.number());
        assertThat(PolicyPlanner.plan(input).status()).isEqualTo(first.status());
    }
}
