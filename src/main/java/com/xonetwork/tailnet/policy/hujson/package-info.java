/**
 * HuJSON (JSON with comments and trailing commas) without loss: a reader that keeps the text and knows where everything stands.
 * It knows nothing of policies.
 */
@NullMarked
@Pure
package com.xonetwork.tailnet.policy.hujson;

import com.xonetwork.tailnet.pure.Pure;
import org.jspecify.annotations.NullMarked;
