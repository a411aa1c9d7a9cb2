package com.xonetwork.tailnet.service;

import java.security.Principal;
import java.util.List;
import java.util.Map;

/**
 * Who asks, as the API server's TokenReview says.
 *
 * @param name user name, such as {@code system:serviceaccount:ci:deployer}
 * @param uid empty where the authenticator knows none
 * @param extra whatever else authorizers may want to see
 */
public record Caller(String name, String uid, List<String> groups, Map<String, List<String>> extra)
        implements Principal {

    /** Longest note of a user in a run's spec. */
    private static final int MOST = 253;

    public Caller {
        groups = List.copyOf(groups);
        extra = Map.copyOf(extra);
    }

    @Override
    public String getName() {
        return name;
    }

    /** The name, as a run can hold it. */
    String note() {
        return name.length() <= MOST ? name : name.substring(0, MOST);
    }
}
