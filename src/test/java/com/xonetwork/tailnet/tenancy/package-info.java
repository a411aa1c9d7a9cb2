/** What one tenant can do to another: each act that was ever found to harm others, tried on the packaged operator. */
@NullMarked
package com.xonetwork.tailnet.tenancy;

import org.jspecify.annotations.NullMarked;
