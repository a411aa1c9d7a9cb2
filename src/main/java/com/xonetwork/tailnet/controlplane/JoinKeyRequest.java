package com.xonetwork.tailnet.controlplane;

import java.time.Duration;
import java.util.SortedSet;

/**
 * What a new join key must be. Always for one use and pre-authorized: a reusable key is a standing risk that nothing here
 * needs.
 *
 * @param description the caller's mark: at most 50 of letters, digits, hyphen and space (Tailscale's rule)
 * @param tags at least one: a key of a tailnet-owned credential must carry tags
 * @param validFor how long it can be used, five minutes less where the mark is in the expiry ({@link JoinKeyMark}); Headscale makes keys that are born expired when this is left out, so it never
 *     is
 */
public record JoinKeyRequest(String description, SortedSet<String> tags, Duration validFor) {}
