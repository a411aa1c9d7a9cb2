/**
 * What the service would say of a policy: the same accept or reject, and the same words. The texts come from captures of
 * the live service; where nobody has captured one, the words are of its kind. Policy tests are in a package of their own.
 */
@NullMarked
@Pure
package com.xonetwork.tailnet.policy.validate;

import com.xonetwork.tailnet.pure.Pure;
import org.jspecify.annotations.NullMarked;
