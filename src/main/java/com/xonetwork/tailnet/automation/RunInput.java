package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * All that decides what happens to a run now.
 *
 * @param template null when there is none of that name
 * @param nodes all TailnetNodes of the namespace
 * @param attempt the last one that was started
 * @param replacedBy name of a later run of the same template, where the template says Replace
 * @param defaultImage of the runner
 */
record RunInput(
        AutomationRun run,
        @Nullable AutomationTemplate template,
        RunSource source,
        Collection<TailnetNode> nodes,
        Optional<AttemptState> attempt,
        Optional<String> replacedBy,
        String defaultImage,
        Instant now) {}
