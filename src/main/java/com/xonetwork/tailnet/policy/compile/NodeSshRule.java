package com.xonetwork.tailnet.policy.compile;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A rule of a node's SSH policy, as {@code tailcfg.SSHRule}: who may log in as whom. The first rule that matches counts.
 *
 * @param principals addresses of nodes; one that several selectors name is there several times (ssh-b6)
 * @param users by whom the client asks for: {@code =} stands for the same, empty for nobody, {@code *} for any other
 * @param check whether the user must have logged in lately
 * @param acceptEnv patterns of the variables that the client may set
 */
public record NodeSshRule(
        List<String> principals, SortedMap<String, String> users, boolean check, List<String> acceptEnv) {

    public NodeSshRule {
        principals = List.copyOf(principals);
        users = Collections.unmodifiableSortedMap(new TreeMap<>(users));
        acceptEnv = List.copyOf(acceptEnv);
    }
}
