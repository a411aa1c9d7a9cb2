package com.xonetwork.tailnet.controlplane;

/** What must be in force for a publication to go ahead. There is no unconditional write. */
public sealed interface PolicyPrecondition {

    /** The document read before, unchanged. */
    record Matches(String etag) implements PolicyPrecondition {}

    /** Nobody ever wrote a policy: none is stored, or only the service's own default (Tailscale: {@code ts-default}). */
    record NeverSet() implements PolicyPrecondition {}
}
