package com.xonetwork.tailnet.testbed;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** One tailnet per outermost test class: starting Headscale takes a second, sharing it would let tests see each other's policy. */
final class TailnetExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace STORE = Namespace.create(TailnetExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        tailnet(context);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TailnetUnderTest.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return tailnet(context);
    }

    private static TailnetUnderTest tailnet(ExtensionContext context) {
        return context.getStore(STORE)
                .computeIfAbsent(
                        TailnetUnderTest.class,
                        _ -> TailnetUnderTest.start(
                                context.getRequiredTestClass().getSimpleName()),
                        TailnetUnderTest.class);
    }
}
