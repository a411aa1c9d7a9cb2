package com.xonetwork.tailnet.testbed;

import io.fabric8.kubernetes.client.KubernetesClient;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the cluster with the first test class that needs one; it ends with the root store, that is with the JVM's tests. */
final class ClusterExtension implements ExecutionCondition, BeforeAllCallback, ParameterResolver {
    private static final Namespace STORE = Namespace.create(ClusterExtension.class);

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        return context.getRoot()
                .getStore(STORE)
                .computeIfAbsent(ConditionEvaluationResult.class, _ -> condition(), ConditionEvaluationResult.class);
    }

    private static ConditionEvaluationResult condition() {
        return Cluster.unavailable()
                .map(reason -> {
                    // Surefire counts the skipped tests and keeps the reason to itself.
                    System.out.println("skipped: " + reason);
                    return ConditionEvaluationResult.disabled(reason);
                })
                .orElseGet(() -> ConditionEvaluationResult.enabled("the cluster can be had"));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        shared(context);
    }

    /** A constructor parameter belongs to the test, like every other. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext context) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type == ClusterUnderTest.class || type == KubernetesClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var cluster = clusterOf(context);
        return parameter.getParameter().getType() == ClusterUnderTest.class ? cluster : cluster.client();
    }

    /**
     * The cluster as the test of this context sees it. Keyed by context: a lookup would otherwise find the namespace of the
     * class instead of making one for the test.
     */
    static ClusterUnderTest clusterOf(ExtensionContext context) {
        return context.getStore(STORE)
                .computeIfAbsent(
                        context.getUniqueId(),
                        _ -> ClusterUnderTest.withFreshNamespace(
                                shared(context), context.getRequiredTestClass().getSimpleName()),
                        ClusterUnderTest.class);
    }

    private static SharedCluster shared(ExtensionContext context) {
        return context.getRoot()
                .getStore(STORE)
                .computeIfAbsent(SharedCluster.class, _ -> SharedCluster.start(), SharedCluster.class);
    }
}
