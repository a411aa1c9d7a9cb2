package com.xonetwork.tailnet.api.v1alpha1;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the status of every kind says. */
public interface ConditionedStatus {

    /** The {@code metadata.generation} that the status speaks of; null before it speaks of any. */
    @Nullable
    Long observedGeneration();

    /** {@code Ready}, {@code Reconciling}, {@code Stalled}, and one for each further fact. */
    List<Condition> conditions();
}
