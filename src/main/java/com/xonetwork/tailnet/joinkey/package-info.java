/**
 * Join keys: one live key for one owner, handed over in a Secret, found again after a crash, revoked when it has served. Knows
 * nothing of what the owner is.
 */
@NullMarked
package com.xonetwork.tailnet.joinkey;

import org.jspecify.annotations.NullMarked;
