/**
 * {@code hack/policy}: the policy engine for pull requests and CI, without a cluster and without the operator. One class a
 * subcommand. Exit codes: 0 nothing to object to, 1 a finding, 2 wrong usage or unreadable input.
 */
@NullMarked
package com.xonetwork.tailnet.policy.cli;

import org.jspecify.annotations.NullMarked;
