package com.xonetwork.tailnet.testbed;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test needs a real tailnet: Headscale and real Tailscale nodes on the loopback address. Each test class gets one of its
 * own, fresh and without nodes. Tests take a {@link TailnetUnderTest} as a parameter.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(TailnetExtension.class)
public @interface RealTailnet {}
