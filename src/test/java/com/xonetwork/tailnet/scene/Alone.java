package com.xonetwork.tailnet.scene;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * The test disturbs the operator that others share: it starts it anew, kills it, or gives it other settings. In its JVM no other test
 * runs meanwhile. {@code hack/test} has all of these in a JVM of their own, beside the others.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Isolated
@Tag("alone")
public @interface Alone {}
