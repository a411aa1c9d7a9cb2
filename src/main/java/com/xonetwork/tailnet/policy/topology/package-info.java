/**
 * Who and what is in a tailnet, as far as a policy asks: users, machines, tags, addresses, routes. A value without a
 * source: the operator makes it from its snapshot, {@code hack/policy --topology} from a file.
 */
@NullMarked
@Pure
package com.xonetwork.tailnet.policy.topology;

import com.xonetwork.tailnet.pure.Pure;
import org.jspecify.annotations.NullMarked;
