/** One HTTP core for all adapters: connection rules, call budget, retries, error mapping. */
@NullMarked
package com.xonetwork.tailnet.controlplane.http;

import org.jspecify.annotations.NullMarked;
