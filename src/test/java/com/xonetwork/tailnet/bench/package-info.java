/** Speed and size, with a reference in the same run. Started by {@code hack/bench}; no part of the tests. */
package com.xonetwork.tailnet.bench;
