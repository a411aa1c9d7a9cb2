/**
 * Arithmetic on sets of addresses: what a policy's addresses, prefixes and ranges cover together, and how the service
 * writes that down. Pure; asks no name server.
 */
@NullMarked
package com.xonetwork.tailnet.policy.net;

import org.jspecify.annotations.NullMarked;
