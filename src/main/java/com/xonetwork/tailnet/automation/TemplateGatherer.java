package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import java.time.Clock;

/** Gathers what an AutomationTemplate's plan depends on: its runs from the cache, and its ConfigMap by name. */
final class TemplateGatherer {

    private final AttemptReads reads;
    private final KnownRuns runs;
    private final Clock clock;

    TemplateGatherer(AttemptReads reads, KnownRuns runs, Clock clock) {
        this.reads = reads;
        this.runs = runs;
        this.clock = clock;
    }

    TemplateInput gather(AutomationTemplate template) {
        return new TemplateInput(
                template,
                reads.source(
                        template.getMetadata().getNamespace(),
                        template.getSpec().source()),
                runs.of(template),
                clock.instant());
    }
}
