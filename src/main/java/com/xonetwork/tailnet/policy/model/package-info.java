/**
 * The policy as values, read once: who ({@link com.xonetwork.tailnet.policy.model.Selector}), what ({@link
 * com.xonetwork.tailnet.policy.model.PortRange}, {@link com.xonetwork.tailnet.policy.model.Protocol}) and the rules that
 * bring them together. Checking, compiling, testing and comparing policies work on these and never on strings. Reading
 * does not judge: whatever the text says comes out as a {@link com.xonetwork.tailnet.policy.model.Policy}, with what could
 * not be read noted beside its place.
 */
@NullMarked
@Pure
package com.xonetwork.tailnet.policy.model;

import com.xonetwork.tailnet.pure.Pure;
import org.jspecify.annotations.NullMarked;
