package com.xonetwork.tailnet.policy.model;

import java.util.List;

/**
 * An entry of {@code tagOwners}: who may give a tag to a device. Admins always may.
 *
 * @param tag with its prefix: {@code tag:web}
 */
public record TagOwners(String tag, List<Located<Selector>> owners, Span span) {

    public TagOwners {
        owners = List.copyOf(owners);
    }
}
