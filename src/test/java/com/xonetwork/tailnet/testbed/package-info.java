/**
 * JUnit extensions that start the real things: a real API server ({@link com.xonetwork.tailnet.testbed.RealCluster}), a real
 * tailnet ({@link com.xonetwork.tailnet.testbed.RealTailnet}) and the packaged operator
 * ({@link com.xonetwork.tailnet.testbed.OperatorProcess}). They call the same {@code hack/testbed} that people use by hand.
 */
@NullMarked
package com.xonetwork.tailnet.testbed;

import org.jspecify.annotations.NullMarked;
