package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationRunSpec;
import com.xonetwork.tailnet.api.v1alpha1.RunPhase;
import com.xonetwork.tailnet.api.v1alpha1.RunTargets;
import io.fabric8.kubernetes.client.informers.cache.BasicItemStore;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import java.util.List;
import java.util.stream.Stream;

/**
 * Keeps AutomationRuns for their controller, without what is large and decides nothing any more: a run that has ended is not
 * executed again, so its parameters and machines stay at the API server alone. Whoever shows them reads them there.
 */
public final class RunStore implements ItemStore<AutomationRun> {

    private static final RunTargets NO_TARGETS = new RunTargets(List.of(), null);

    private final BasicItemStore<AutomationRun> runs = new BasicItemStore<>(Cache::metaNamespaceKeyFunc);

    @Override
    public String getKey(AutomationRun run) {
        return runs.getKey(run);
    }

    @Override
    public AutomationRun put(String key, AutomationRun run) {
        return runs.put(key, kept(run));
    }

    private static AutomationRun kept(AutomationRun run) {
        var spec = run.getSpec();
        if (spec == null || !RunPhase.of(run.getStatus()).isTerminal()) {
            return run;
        }
        var kept = new AutomationRun();
        kept.setMetadata(run.getMetadata());
        kept.setStatus(run.getStatus());
        kept.setSpec(new AutomationRunSpec(
                spec.templateRef(),
                NO_TARGETS,
                null,
                spec.checkMode(),
                spec.requireApproval(),
                spec.cancel(),
                spec.approval(),
                spec.requestId(),
                spec.requestedBy()));
        return kept;
    }

    @Override
    public AutomationRun remove(String key) {
        return runs.remove(key);
    }

    @Override
    public Stream<String> keySet() {
        return runs.keySet();
    }

    @Override
    public Stream<AutomationRun> values() {
        return runs.values();
    }

    @Override
    public int size() {
        return runs.size();
    }

    @Override
    public AutomationRun get(String key) {
        return runs.get(key);
    }
}
