package com.xonetwork.tailnet.scene;

import com.xonetwork.tailnet.testbed.RealCluster;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test needs the packaged operator on a real API server. It is started once for the whole JVM and watches all
 * namespaces. Tests take a {@link Scene}, and an {@link OperatorUnderTest} if they ask the operator itself.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@RealCluster
@ExtendWith(SceneExtension.class)
public @interface RunningOperator {}
