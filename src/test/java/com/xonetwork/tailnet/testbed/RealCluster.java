package com.xonetwork.tailnet.testbed;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The test needs a real API server with our CRDs. It is started once for the whole JVM and chosen by
 * {@code -Dcluster=native|k3s|current}. Tests take a {@link ClusterUnderTest} (or a plain {@code KubernetesClient}) as a
 * parameter, each with a fresh namespace.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(ClusterExtension.class)
public @interface RealCluster {}
