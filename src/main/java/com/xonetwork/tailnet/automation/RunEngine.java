package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationEngine;
import com.xonetwork.tailnet.api.v1alpha1.AutomationSource;
import java.util.Optional;

/**
 * What the operator has to know of an engine. The engine itself is in the runner's image; here is only what can be refused
 * before a Job is made. A further engine is one more of these, and a constant of {@link AutomationEngine}.
 */
interface RunEngine {

    /** Why a source is none for this engine, in words for a user; empty when it is one. */
    Optional<String> refusal(AutomationSource source);

    /** Why a parameter cannot have this name; empty when it can. */
    Optional<String> refusalOfParameter(String name);

    /** A run is one task on each machine: what is said of a machine is its result, and not a step on the way to it. */
    boolean isOneTask();

    static RunEngine of(AutomationEngine engine) {
        return switch (engine) {
            case ANSIBLE -> new AnsibleEngine();
            case FABRIC -> new FabricEngine();
        };
    }
}
