package com.xonetwork.tailnet.policy.model;

import java.util.List;
import java.util.Optional;

/**
 * Whose rules a policy is read by: what may be a tag, and what a source, a destination and a port may look like. The same text can mean two
 * things ({@code tag:a@b} is a tag to Tailscale, and a user to Headscale), so a policy is read by the rules of the control plane
 * that gets it. What both have in common is in the readers of this package.
 */
public enum PolicySyntax {
    /** The service's own, and {@code tailcfg.CheckTag}. */
    TAILSCALE {
        @Override
        public Optional<String> tagProblem(String tag) {
            return TagNames.tailscale(tag);
        }

        @Override
        public Optional<String> carriedTagProblem(String tag) {
            return TagNames.tailscale(tag);
        }

        @Override
        public Selector selector(String written) {
            return Selector.parse(written);
        }

        @Override
        Selector name(String written) {
            return Selector.parse(written);
        }

        @Override
        Selector via(String written) {
            return Selector.parse(written);
        }

        @Override
        String owned(String key) {
            return key;
        }

        @Override
        Parsed<Destination> destination(String written) {
            return Destination.parse(written);
        }

        @Override
        Parsed<List<PortSpec>> ports(String written) {
            return PortSpec.parse(written).map(List::of);
        }

        @Override
        Parsed<Protocol> protocol(String written) {
            return Protocol.parse(written);
        }
    },

    /** Headscale 0.29.1: hscontrol/policy/v2, and what its API says of tags. */
    HEADSCALE {
        @Override
        public Optional<String> tagProblem(String tag) {
            return TagNames.headscale(tag);
        }

        @Override
        public Optional<String> carriedTagProblem(String tag) {
            return TagNames.headscale(tag).or(() -> TagNames.headscaleApi(tag));
        }

        @Override
        public Selector selector(String written) {
            return HeadscaleText.selector(HeadscaleText.trimmed(written));
        }

        @Override
        Selector name(String written) {
            return HeadscaleText.selector(written);
        }

        @Override
        Selector via(String written) {
            return written.startsWith("tag:") ? new Selector.Tag(written) : HeadscaleText.selector(written);
        }

        @Override
        String owned(String key) {
            return HeadscaleText.rawKey(key);
        }

        @Override
        Parsed<Destination> destination(String written) {
            return HeadscaleText.destination(written);
        }

        @Override
        Parsed<List<PortSpec>> ports(String written) {
            return HeadscaleText.portSpecs(written);
        }

        @Override
        Parsed<Protocol> protocol(String written) {
            return HeadscaleText.protocol(written);
        }
    };

    /** Why {@code tagOwners} cannot have this tag, in the words of the control plane; empty if it can. */
    public abstract Optional<String> tagProblem(String tag);

    /** Why the control plane gives no device and no join key this tag, whoever owns it; empty if it does. */
    public abstract Optional<String> carriedTagProblem(String tag);

    /** An element of a list of sources, or of destinations without ports. Never fails, as {@link Selector#parse}. */
    public abstract Selector selector(String written);

    /** A member of a group, an owner of a tag, an approver. */
    abstract Selector name(String written);

    /** An entry of {@code via}, which can be nothing but a tag. */
    abstract Selector via(String written);

    /** The tag that a key of {@code tagOwners} gives an owner to. */
    abstract String owned(String key);

    /** A destination with ports. */
    abstract Parsed<Destination> destination(String written);

    /** An entry of {@code ip} of a grant. */
    abstract Parsed<List<PortSpec>> ports(String written);

    /** {@code proto} of a rule. */
    abstract Parsed<Protocol> protocol(String written);

    /** Whether only users, groups and tags may own tags and approve routes. */
    public boolean ownersArePeopleOrTags() {
        return this == HEADSCALE;
    }

    /** Whether a rule may leave out its action, its sources or its destinations. */
    public boolean rulesMayLackParts() {
        return this == HEADSCALE;
    }

    /** Whether a capability of a grant must have a domain and a path. */
    public boolean capabilitiesHaveDomains() {
        return this == TAILSCALE;
    }

    /** Whether {@code group:} alone is a name. */
    public boolean groupsMayBeNameless() {
        return this == HEADSCALE;
    }
}
