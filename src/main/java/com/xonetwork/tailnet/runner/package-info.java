/**
 * What the pods of runs say to the operator, and where it is kept: the receiving end of {@code runners/contract.md}. Knows
 * nothing of the custom resources' life; {@code automation} does.
 */
@NullMarked
package com.xonetwork.tailnet.runner;

import org.jspecify.annotations.NullMarked;
