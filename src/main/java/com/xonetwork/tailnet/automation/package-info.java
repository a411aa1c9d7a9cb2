/**
 * Runs of automations: an AutomationTemplate says what may be executed, an AutomationRun executes it in a Job, and its status is
 * the record. The planner decides from the run, its template, its machines, and what is seen of the attempt's Job and events.
 */
@NullMarked
package com.xonetwork.tailnet.automation;

import org.jspecify.annotations.NullMarked;
