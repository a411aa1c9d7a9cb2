/**
 * Who and what is in a tailnet, as far as a policy asks: users, machines, tags, addresses, routes. A value without a
 * source: the operator makes it from its snapshot, {@code hack/policy --topology} from a file.
 */
@NullMarked
package com.xonetwork.tailnet.policy.topology;

import org.jspecify.annotations.NullMarked;
