package com.xonetwork.tailnet.automation;

import com.xonetwork.tailnet.api.v1alpha1.AutomationRun;
import com.xonetwork.tailnet.api.v1alpha1.AutomationTemplate;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.status.Abridged;
import com.xonetwork.tailnet.status.ServerWords;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Removes runs that have ended, and says so. What they have in the cluster belongs to them and goes with them. */
final class RetentionEffects {

    private static final Logger LOG = Logger.getLogger(RetentionEffects.class);
    /** Of the names in an Event. */
    private static final int MOST_NAMES = 10;

    private final KubernetesClient kubernetes;
    private final EventRecorder events;

    RetentionEffects(KubernetesClient kubernetes, EventRecorder events) {
        this.kubernetes = kubernetes;
        this.events = events;
    }

    /** @return whether all are gone; those that are not are looked at again */
    boolean remove(AutomationTemplate template, List<AutomationRun> runs) {
        var removed = new ArrayList<String>();
        var isComplete = true;
        for (var run : runs) {
            try {
                if (remove(run)) {
                    removed.add(run.getMetadata().getName());
                } else {
                    isComplete = false;
                }
            } catch (KubernetesClientException e) {
                isComplete = false;
                LOG.warnf(
                        "AutomationRun %s/%s has ended and was not removed: %s",
                        run.getMetadata().getNamespace(),
                        run.getMetadata().getName(),
                        ServerWords.of(e.getCode(), e.getStatus()));
                if (!ServerWords.isRefusal(e.getCode())) {
                    break;
                }
            }
        }
        if (!removed.isEmpty()) {
            var message = message(removed);
            LOG.info(message);
            events.normal(template, "RunsRemoved", message);
        }
        return isComplete;
    }

    private static String message(List<String> names) {
        return (names.size() == 1
                        ? "1 AutomationRun that had ended was"
                        : names.size() + " AutomationRuns that had ended were")
                + " removed, as ttlSecondsAfterFinished and the history limits of this template say: "
                + Abridged.list(names, MOST_NAMES);
    }

    /** The run as it was looked at and no other: one that has changed since, or another of its name, has another version. */
    private boolean remove(AutomationRun run) {
        if (!isLetGo(run)) {
            return false;
        }
        try {
            kubernetes
                    .resource(run)
                    .lockResourceVersion(run.getMetadata().getResourceVersion())
                    .delete();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    /** Whether nothing of its last attempt runs, and its Secrets are gone: the record is complete then. */
    private boolean isLetGo(AutomationRun run) {
        var attempt = run.getStatus().attempt();
        if (attempt == null) {
            return true;
        }
        var key = AttemptJobs.key(run, attempt);
        var job = kubernetes
                .resources(Job.class)
                .inNamespace(key.namespace())
                .withName(key.objectName())
                .get();
        return job == null || JobStates.hasEnded(job) && JobStates.removesItself(job);
    }
}
