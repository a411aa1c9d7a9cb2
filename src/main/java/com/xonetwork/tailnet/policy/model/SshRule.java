package com.xonetwork.tailnet.policy.model;

import java.util.List;
import java.util.Optional;

/**
 * A rule of {@code ssh}.
 *
 * @param index its place in the section, from 0
 * @param action without the blanks around it; empty if none is given
 * @param users who may be logged in as
 * @param checkPeriod how long a check lasts; empty if none is given: 12 hours for {@code check}
 * @param acceptEnv patterns of the variables that a client may set
 * @param recorder where sessions are recorded
 */
public record SshRule(
        int index,
        String action,
        List<Located<Selector>> src,
        List<Located<Selector>> dst,
        List<Located<SshUser>> users,
        Optional<Located<CheckPeriod>> checkPeriod,
        List<Located<String>> acceptEnv,
        List<Located<String>> srcPosture,
        List<Located<Selector>> recorder,
        boolean enforceRecorder,
        Span span) {

    public static final String ACCEPT = "accept";
    public static final String CHECK = "check";

    public SshRule {
        src = List.copyOf(src);
        dst = List.copyOf(dst);
        users = List.copyOf(users);
        acceptEnv = List.copyOf(acceptEnv);
        srcPosture = List.copyOf(srcPosture);
        recorder = List.copyOf(recorder);
    }
}
