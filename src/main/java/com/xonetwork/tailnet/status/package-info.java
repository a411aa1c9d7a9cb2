/** What every resource's status has in common: facts, reasons, and how they become conditions. */
@NullMarked
package com.xonetwork.tailnet.status;

import org.jspecify.annotations.NullMarked;
