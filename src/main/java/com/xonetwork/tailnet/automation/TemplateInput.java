package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import java.time.Instant;
import java.util.List;

/**
 * All that {@link TemplatePlanner} decides on.
 *
 * @param runs of the template; there may be more than these
 */
record TemplateInput(AutomationTemplate template, RunSource source, List<AutomationRun> runs, Instant now) {}
