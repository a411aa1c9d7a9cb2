/**
 * What all reconcilers share in their use of Kubernetes and of its SDK: owner references, retry, rescheduling, filters of events, paging.
 * Depends on nothing else of ours but the API.
 */
@NullMarked
package com.xonetwork.tailnet.kube;

import org.jspecify.annotations.NullMarked;
