/** What operators of this operator see: Kubernetes Events and metrics. */
@NullMarked
package com.xonetwork.tailnet.observability;

import org.jspecify.annotations.NullMarked;
