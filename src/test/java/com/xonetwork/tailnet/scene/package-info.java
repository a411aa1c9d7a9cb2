/**
 * What integration tests play in: one packaged operator for all of them ({@link
 * com.xonetwork.tailnet.scene.RunningOperator}), and for each test a {@link com.xonetwork.tailnet.scene.Scene}, its own
 * namespace with its own simulated control plane.
 */
@NullMarked
package com.xonetwork.tailnet.scene;

import org.jspecify.annotations.NullMarked;
