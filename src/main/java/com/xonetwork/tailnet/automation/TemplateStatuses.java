package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplateStatus;
import com.xonetwork.tailnet.pure.Pure;
import com.xonetwork.tailnet.status.Conditions;
import java.time.Instant;
import java.util.List;

/** Writes a plan down as a status. */
@Pure
final class TemplateStatuses {

    private TemplateStatuses() {}

    static AutomationTemplateStatus of(AutomationTemplate template, TemplatePlan plan, Instant now) {
        var before = template.getStatus();
        var generation = template.getMetadata().getGeneration();
        return new AutomationTemplateStatus(
                generation,
                Conditions.merge(
                        before == null ? List.of() : before.conditions(),
                        Conditions.summarize(plan.facts(), "runs of this template can start"),
                        generation,
                        now),
                plan.digest());
    }
}
