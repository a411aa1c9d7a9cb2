package com.xonetwork.tailnet.scene;

import com.xonetwork.tailnet.testbed.ClusterUnderTest;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Starts the operator with the first test that needs it; it ends before the cluster does, with the JVM's tests. */
final class SceneExtension implements ParameterResolver {
    private static final Namespace STORE = Namespace.create(SceneExtension.class);

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        var type = parameter.getParameter().getType();
        return type == Scene.class || type == OperatorUnderTest.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        var cluster = ClusterUnderTest.of(context);
        var operator = context.getRoot()
                .getStore(STORE)
                .computeIfAbsent(
                        OperatorUnderTest.class, _ -> OperatorUnderTest.start(cluster), OperatorUnderTest.class);
        return parameter.getParameter().getType() == OperatorUnderTest.class
                ? operator
                : context.getStore(STORE)
                        .computeIfAbsent(context.getUniqueId(), _ -> new Scene(cluster, operator), Scene.class);
    }
}
