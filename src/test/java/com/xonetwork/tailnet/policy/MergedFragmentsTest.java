package com.xonetwork.tailnet.policy;

import static com.xonetwork.tailnet.testing.TestPolicy.policy;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus;
import com.xonetwork.tailnet.api.v1alpha1.PolicyFragmentStatus.State;
import com.xonetwork.tailnet.policy.document.PolicyView;
import com.xonetwork.tailnet.policy.model.PolicySyntax;
import com.xonetwork.tailnet.testing.TestPolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MergedFragmentsTest {

    private static final String ONE = "{\"hosts\": {\"db\": \"10.0.0.1\"}}";
    private static final String TWO = "{\"hosts\": {\"db\": \"10.0.0.2\"}}";

    @Test
    void higherPriorityFirstThenByName() {
        var merged = of(
                policy("c"),
                policy("b").priority(-1),
                policy("a"),
                policy("z").priority(7).observed());

        assertThat(merged.inOrder())
                .extracting(policy -> policy.getMetadata().getName())
                .containsExactly("z", "a", "c", "b");
    }

    @Property(tries = 100)
    void theOrderInWhichTheyAreSeenDoesNotCount(@ForAll long seed) {
        var policies = new ArrayList<>(Stream.of(
                        policy("a").says(ONE),
                        policy("b").says(TWO),
                        policy("c").says(TWO).observed(),
                        policy("d").says("{").priority(3),
                        policy("e").priority(1))
                .map(TestPolicy::build)
                .toList());
        var expected = MergedFragments.of(policies, List.of(), Optional.of(PolicySyntax.TAILSCALE))
                .status(State.PENDING, "why", "hash", MergedFragments.Impacts.NONE, Map.of());

        Collections.shuffle(policies, new Random(seed));

        assertThat(MergedFragments.of(policies, List.of(), Optional.of(PolicySyntax.TAILSCALE))
                        .status(State.PENDING, "why", "hash", MergedFragments.Impacts.NONE, Map.of()))
                .isEqualTo(expected);
    }

    @Test
    void everyFragmentHasItsGenerationStateAndWhy() {
        var status = of(
                        policy("good").generation(4).priority(1),
                        policy("late").generation(3).says(TWO),
                        policy("early").generation(2).says(ONE).priority(1),
                        policy("draft").generation(5).observed(),
                        policy("typo").generation(6).says("{"))
                .status(State.HELD, "why", "abc", MergedFragments.Impacts.NONE, Map.of());

        assertThat(status.inForceHash()).isEqualTo("abc");
        assertThat(status.fragments())
                .extracting(PolicyFragmentStatus::name)
                .containsExactly("early", "good", "draft", "late", "typo");
        assertThat(status.fragments())
                .extracting(PolicyFragmentStatus::generation)
                .containsExactly(2L, 4L, 5L, 3L, 6L);
        assertThat(status.fragments())
                .extracting(PolicyFragmentStatus::state)
                .containsExactly(State.HELD, State.HELD, State.OBSERVED, State.CONFLICT, State.INVALID);
        assertThat(status.fragments().get(0).message()).isEqualTo("why");
        assertThat(status.fragments().get(2).message()).isNull();
        assertThat(status.fragments().get(3).message()).contains("\"early\"", "10.0.0.1");
        assertThat(status.fragments().get(4).message()).startsWith("spec.hujson: ");
    }

    /** Whichever of the two would be left out once both are enforced: it is the observed one that has to change. */
    @ParameterizedTest
    @ValueSource(ints = {-5, 5})
    void anObservedOneLearnsWithWhomItWouldClash(int priority) {
        var merged = of(
                policy("in-force").says(ONE),
                policy("draft").says(TWO).observed().priority(priority));

        var refusal = merged.refusals().get("draft");
        assertThat(refusal.state()).isEqualTo(State.CONFLICT);
        assertThat(refusal.message()).contains("\"in-force\"", "10.0.0.1", "10.0.0.2");
        assertThat(merged.refusals()).doesNotContainKey("in-force");
        assertThat(merged.firstUnusable()).isEmpty();
        assertThat(merged.view()).isEqualTo(PolicyView.of(ONE));
    }

    @Test
    void twoObservedOnesThatClashTellTheLaterOne() {
        var merged = of(policy("a").says(ONE).observed(), policy("b").says(TWO).observed());

        assertThat(merged.refusals()).containsOnlyKeys("b");
        assertThat(merged.hasEnforced()).isFalse();
    }

    @Test
    void aClashOfEnforcedOnesIsToldAsThatAndNotByTheTrial() {
        var merged = of(
                policy("draft").says(TWO).observed().priority(9),
                policy("first").says(ONE),
                policy("second").says("{\"hosts\": {\"db\": \"10.0.0.3\"}}"));

        assertThat(merged.refusals()).containsOnlyKeys("draft", "second");
        assertThat(merged.refusals().get("second").message())
                .contains("\"first\"")
                .doesNotContain("draft");
        assertThat(merged.firstUnusable())
                .hasValueSatisfying(why -> assertThat(why).startsWith("AclPolicy second: "));
    }

    private static MergedFragments of(TestPolicy... policies) {
        return MergedFragments.of(
                Stream.of(policies).map(TestPolicy::build).toList(), List.of(), Optional.of(PolicySyntax.TAILSCALE));
    }

    /** Each of them is as large as one may be, and no larger. */
    @Test
    void manyTogetherAreBoundedAndTheOneThatIsOverIsNamed() {
        var policies = IntStream.range(0, 8)
                .mapToObj(i -> policy("p" + i).says(rules(4_000, i)).build())
                .toList();
        var merged = MergedFragments.of(policies, List.of(), Optional.of(PolicySyntax.TAILSCALE));

        assertThat(merged.refusals()).containsOnlyKeys("p5", "p6", "p7");
        assertThat(merged.refusals().get("p5").message())
                .startsWith("with this one, the AclPolicies of this Tailnet have ")
                .contains("The limit is 131072");
        assertThat(merged.firstUnusable())
                .hasValueSatisfying(why -> assertThat(why).startsWith("AclPolicy p5: with this one"));
    }

    @Test
    void rulesOfOneTimesTestsOfAnotherAreBoundedToo() {
        var rules = policy("a").says(rules(4_000, 0)).build();
        var tests = policy("b")
                .says(IntStream.range(0, 4_000)
                        .mapToObj(i -> "{\"src\": \"a@b.c\", \"accept\": [\"10.0.0.1:" + (i + 1) + "\"]}")
                        .collect(Collectors.joining(",", "{\"tests\": [", "]}")))
                .build();
        var merged = MergedFragments.of(List.of(tests, rules), List.of(), Optional.of(PolicySyntax.TAILSCALE));

        assertThat(merged.refusals()).containsOnlyKeys("b");
        assertThat(merged.refusals().get("b").message()).contains("Each test is tried with each rule");
        assertThat(MergedFragments.of(List.of(tests), List.of(), Optional.of(PolicySyntax.TAILSCALE))
                        .refusals())
                .isEmpty();
    }

    @Test
    void anObservedOneKeepsNoneOutThatIsInForce() {
        var observed = IntStream.range(0, 8)
                .mapToObj(i -> policy("a" + i)
                        .priority(9)
                        .says(rules(4_000, i))
                        .observed()
                        .build());
        var enforced = policy("z").says(rules(4_000, 9)).build();
        var merged = MergedFragments.of(
                Stream.concat(observed, Stream.of(enforced)).toList(), List.of(), Optional.of(PolicySyntax.TAILSCALE));

        assertThat(merged.firstUnusable()).isEmpty();
        assertThat(merged.refusals()).hasSize(4).doesNotContainKey("z");
    }

    private static String rules(int count, int kind) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"action\": \"accept\", \"src\": [\"a@b.c\"], \"dst\": [\"10." + kind + "." + i / 200
                        + "." + i % 200 + ":1\"]}")
                .collect(Collectors.joining(",", "{\"acls\": [", "]}"));
    }
}
