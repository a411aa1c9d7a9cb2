package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.DurationText;
import com.xonetwork.tailnet.api.v1alpha1.HealPolicy;
import com.xonetwork.tailnet.heal.HealInput.Quiet;
import com.xonetwork.tailnet.snapshot.PerResource;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** What rests after a storm or a common cause, remembered while the operator runs. */
final class QuietTimes {

    private final PerResource<Map<String, Quiet>> quiet = new PerResource<>();

    Map<String, Quiet> of(HealPolicy policy, Instant now) {
        return quiet.get(policy).orElseGet(() -> afterRestart(policy, now));
    }

    /** A storm of before the restart: everything rests for a cooldown. It makes nodes wait, and nothing else. */
    private static Map<String, Quiet> afterRestart(HealPolicy policy, Instant now) {
        var status = policy.getStatus();
        var stormy = status != null && Conditions.isTrue(status.conditions(), ConditionType.STORM_ACTIVE);
        var until = now.plus(DurationText.parse(policy.getSpec().stormCooldownDuration()));
        return stormy ? Map.of(Storms.STORM, new Quiet(false, until, Set.of())) : Map.of();
    }

    void remember(HealPolicy policy, HealPlan plan) {
        quiet.put(policy, plan.quiet());
    }

    void forget(HealPolicy policy) {
        quiet.forget(policy);
    }
}
