package com.xonetwork.tailnet.exitnode;

import com.xonetwork.tailnet.api.v1alpha1.ExitNodeStatus;
import com.xonetwork.tailnet.status.Fact;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which candidate is the choice, and what is to be said of all.
 *
 * @param election to remember
 * @param change what users are told when the choice is another one than before
 * @param active the choice as to be published; null for none
 * @param candidates most preferred first
 * @param lookAgain when the clock alone may change the choice
 */
record ExitNodePlan(
        List<Fact> facts,
        Election.State election,
        Optional<String> change,
        ExitNodeStatus.@Nullable Active active,
        List<ExitNodeStatus.CandidateStatus> candidates,
        Optional<Duration> lookAgain) {}
