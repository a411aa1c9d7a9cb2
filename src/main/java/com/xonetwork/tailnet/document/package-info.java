/** Writing what each tailnet has one of, as a whole. Reading it is the poller's; what it should say is decided by the kind's planner. */
@NullMarked
package com.xonetwork.tailnet.document;

import org.jspecify.annotations.NullMarked;
