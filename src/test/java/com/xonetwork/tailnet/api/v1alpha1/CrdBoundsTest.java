package com.xonetwork.tailnet.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.testing.Kinds;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** That {@link CrdBoundsIT} has something to send for every bound. */
class CrdBoundsTest {

    @Test
    void everyKeywordIsKnown() {
        assertThat(CrdBounds.unknownKeywords())
                .as("keywords of the CRDs of which no test knows how to break them: teach CrdBound and OverBound")
                .isEmpty();
    }

    @Test
    void eachKindHasBounds() {
        assertThat(CrdBounds.all().stream().map(CrdBound::kind).distinct()).hasSize(Kinds.ALL.size());
        assertThat(CrdBounds.all().stream().map(CrdBound::name))
                .doesNotHaveDuplicates()
                .contains(
                        "tailnet spec.required",
                        "tailnet spec.pollInterval.pattern",
                        "tailnet spec.policy.guards.mustReach.items.dst.required",
                        "nodeclass spec.match.labels.matchLabels.maxProperties");
    }

    /** A name that holds a path, a user that is an option of ssh: a pattern that is merely some pattern would let them pass. */
    @TestFactory
    Stream<DynamicTest> whatAPatternMustRefuseIsOfOneThatThereIs() {
        var patterns = CrdBounds.all().stream().map(CrdBound::name).toList();
        return CrdBounds.mustRefuse().keySet().stream()
                .map(name ->
                        DynamicTest.dynamicTest(name, () -> assertThat(patterns).contains(name)));
    }

    @TestFactory
    Stream<DynamicTest> eachCanBeBroken() {
        return CrdBounds.all().stream()
                .map(bound -> DynamicTest.dynamicTest(bound.name(), () -> {
                    var valid = CrdBounds.validFor(bound);
                    assertThat(bound.broken(valid)).isNotEqualTo(valid);
                    assertThat(bound.complaint()).isNotBlank();
                }));
    }
}
