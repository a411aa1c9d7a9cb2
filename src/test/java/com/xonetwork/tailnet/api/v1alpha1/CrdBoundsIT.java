package com.xonetwork.tailnet.api.v1alpha1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import com.xonetwork.tailnet.testbed.RealCluster;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Every bound that the CRDs have, generated from them: a valid resource with one value over the bound is refused, and the answer
 * names the field and the bound. Rules in CEL are for {@link CrdRulesIT}.
 */
@RealCluster
@Execution(ExecutionMode.CONCURRENT)
class CrdBoundsIT {

    @TestFactory
    Stream<DynamicTest> whatIsOverABoundIsRefused(ClusterUnderTest cluster) {
        return CrdBounds.all().stream().map(bound -> dynamicTest(bound.name(), () -> assertRefused(cluster, bound)));
    }

    @TestFactory
    Stream<DynamicTest> whatAPatternMustRefuseIsRefused(ClusterUnderTest cluster) {
        var values = CrdBounds.mustRefuse();
        return CrdBounds.all().stream()
                .filter(bound -> values.containsKey(bound.name()))
                .map(bound -> dynamicTest(
                        bound.name(),
                        () -> assertRefused(
                                cluster,
                                bound,
                                bound.with(CrdBounds.validFor(bound), TextNode.valueOf(values.get(bound.name()))))));
    }

    private static void assertRefused(ClusterUnderTest cluster, CrdBound bound) {
        assertRefused(cluster, bound, bound.broken(CrdBounds.validFor(bound)));
    }

    private static void assertRefused(ClusterUnderTest cluster, CrdBound bound, ObjectNode resource) {
        var answer = cluster.dryRun(resource);
        assertThat(answer.accepted())
                .as("%s: the API server took %.2000s", bound.name(), resource)
                .isFalse();
        assertThat(answer.causes())
                .as("%s: %.2000s", bound.name(), answer.message())
                .anySatisfy(cause -> {
                    assertThat(cause.getField()).isEqualTo(bound.field());
                    assertThat(cause.getMessage()).contains(bound.complaint());
                });
    }
}
