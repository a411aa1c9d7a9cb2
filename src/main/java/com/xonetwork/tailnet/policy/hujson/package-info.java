/**
 * HuJSON (JSON with comments and trailing commas) without loss: a reader that knows where everything stands, and an editor
 * that changes one member and leaves every other byte as it was. It knows nothing of policies.
 */
@NullMarked
package com.xonetwork.tailnet.policy.hujson;

import org.jspecify.annotations.NullMarked;
