/**
 * Which of several replicas writes. One holds a Lease and runs the reconcilers; the others serve the Service Manager API, and hand
 * on to it what only it can take: events of runners, webhooks, readers of a run's events.
 */
@NullMarked
package com.xonetwork.tailnet.leadership;

import org.jspecify.annotations.NullMarked;
