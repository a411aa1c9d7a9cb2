package com.xonetwork.tailnet.observability;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.status.Conditions;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Writes Kubernetes Events: one per transition or effect, never per poll. An Event that cannot be written is logged and
 * nothing else: it must not stop what it tells about.
 */
public final class EventRecorder {

    private static final Logger LOG = Logger.getLogger(EventRecorder.class);
    private static final String COMPONENT = "xo-tailnet-operator";
    private static final int MAX_MESSAGE = 1024;
    /** Leaves room for the occasion within the 253 characters of a name. */
    private static final int LONGEST_STEM = 200;

    private final KubernetesClient kubernetes;
    private final Clock clock;

    public EventRecorder(KubernetesClient kubernetes, Clock clock) {
        this.kubernetes = kubernetes;
        this.clock = clock;
    }

    /** Something happened as it should. */
    public void normal(HasMetadata about, String reason, String message) {
        write(about, "Normal", reason, message);
    }

    /** Something happened that a human may want to look at. */
    public void warning(HasMetadata about, String reason, String message) {
        write(about, "Warning", reason, message);
    }

    /**
     * A warning whose name follows from the resource and the occasion: written twice, it is there once. Holds as long as the
     * API server keeps Events.
     *
     * @param occasion tells it apart from every other warning about the resource
     */
    public void warningOnce(HasMetadata about, String reason, String message, String occasion) {
        var metadata = about.getMetadata();
        var stem = metadata.getName();
        var name = stem.substring(0, Math.min(stem.length(), LONGEST_STEM)) + "."
                + UUID.nameUUIDFromBytes((metadata.getUid() + " " + reason + " " + occasion).getBytes(UTF_8));
        write(about, new ObjectMetaBuilder().withName(name), "Warning", reason, message);
    }

    /**
     * One Event for each of the given condition types whose status changed. A first visit that finds everything in order
     * is no transition, nor is a return from Unknown to that: an outage would end with two Events for every node.
     */
    public void transitions(HasMetadata about, List<Condition> before, List<Condition> after, Set<String> types) {
        for (var condition : after) {
            if (types.contains(condition.type()) && isNews(before, condition)) {
                var message = condition.type() + " is " + condition.status() + ": " + condition.message();
                if (isGood(condition)) {
                    normal(about, condition.reason(), message);
                } else {
                    warning(about, condition.reason(), message);
                }
            }
        }
    }

    private static boolean isNews(List<Condition> before, Condition now) {
        var was = Conditions.find(before, now.type()).filter(old -> !Condition.UNKNOWN.equals(old.status()));
        return !Condition.UNKNOWN.equals(now.status())
                && was.map(old -> !old.status().equals(now.status())).orElse(!isGood(now));
    }

    private static boolean isGood(Condition condition) {
        // kstatus: Stalled is abnormal when true.
        return Condition.TRUE.equals(condition.status()) != Conditions.STALLED.equals(condition.type());
    }

    private void write(HasMetadata about, String type, String reason, String message) {
        write(
                about,
                new ObjectMetaBuilder().withGenerateName(about.getMetadata().getName() + "."),
                type,
                reason,
                message);
    }

    private void write(HasMetadata about, ObjectMetaBuilder named, String type, String reason, String message) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var metadata = about.getMetadata();
        var event = new EventBuilder()
                .withMetadata(named.withNamespace(metadata.getNamespace()).build())
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
                .withMessage(message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE - 1) + "…")
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withReportingInstance(COMPONENT)
                .build();
        try {
            kubernetes.v1().events().resource(event).create();
        } catch (KubernetesClientException e) {
            LOG.debugf(
                    "event %s about %s/%s not written: %s",
                    reason, about.getKind(), metadata.getName(), e.getMessage());
        }
    }
}
