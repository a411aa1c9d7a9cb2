package com.xonetwork.tailnet.observability;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Condition;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.status.Abridged;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.status.Conditions;
import com.xonetwork.tailnet.status.Reason;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Writes Kubernetes Events: one per transition or effect, never per poll. An Event that cannot be written is logged and
 * nothing else: it must not stop what it tells about.
 *
 * <p>An Event is told before the status that it is about, so an operator that dies in between tells it again. Its name
 * therefore follows from the resource, its spec's generation, and what is told, and how often this process has told it: the
 * API server refuses what another process told a short while ago.
 */
@Singleton
public final class EventRecorder {

    private static final Logger LOG = Logger.getLogger(EventRecorder.class);
    private static final int MAX_MESSAGE = 1024;
    /** Leaves room for the occasion within the 253 characters of a name. */
    private static final int LONGEST_STEM = 200;
    /** For so long, what another process told of the same spec is taken for the same occasion. */
    private static final Duration SAME_OCCASION = Duration.ofMinutes(10);
    /** For so long, what is missing may follow: it came with the same apply, waits for the first poll, or for the operator's next step. */
    public static final Duration SETTLING = Duration.ofMinutes(2);
    /** A regular look is sure to fall into it. */
    private static final Duration REMINDED = Duration.ofMinutes(15);

    /** Reasons that say that something else is not there, or has not been done yet. */
    private static final Set<String> ABSENT = Stream.of(
                    Reason.TAILNET_NOT_FOUND,
                    Reason.NODE_NOT_FOUND,
                    Reason.DEVICE_NOT_FOUND,
                    Reason.SECRET_NOT_FOUND,
                    Reason.CA_BUNDLE_NOT_FOUND,
                    Reason.SOURCE_NOT_FOUND,
                    Reason.TAG_NOT_OWNED,
                    Reason.NOT_ADVERTISED,
                    Reason.NOT_APPROVED,
                    Reason.NOT_SERVING,
                    Reason.NO_HEALTHY_CANDIDATE)
            .map(Reason::toString)
            .collect(Collectors.toUnmodifiableSet());

    /** States of resources whose Events are counted. One that is forgotten too early costs an Event, no more. */
    static final int REMEMBERED = 10_000;

    private final KubernetesClient kubernetes;
    private final Clock clock;
    /**
     * How often each thing was told of each state, in this process. By a digest: a state's own words can be as long as an object, and
     * so as many times that as somebody cares to make objects.
     */
    private final Cache<UUID, Integer> told = Caffeine.newBuilder()
            .maximumSize(REMEMBERED)
            .executor(Runnable::run)
            .build();

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
        write(about, about.getMetadata().getUid() + " " + reason + " " + occasion, "Warning", reason, message);
    }

    /** One Event for each change of a condition that is told about a resource of its kind. */
    public void transitions(HasMetadata about, List<Condition> before, List<Condition> after) {
        transitions(about, before, after, ConditionType.toldOf(about.getClass()), Set.of());
    }

    /**
     * One Event for each of the given condition types whose status changed. A first visit that finds everything in order
     * is no transition, nor is a return from Unknown to that: an outage would end with two Events for every node. That
     * something else is missing is no Warning about a resource that was just made.
     *
     * @param settling reasons that another part of the same apply may take away, whenever the resource was made: no Warnings yet
     */
    public void transitions(
            HasMetadata about,
            List<Condition> before,
            List<Condition> after,
            Set<ConditionType> types,
            Set<Reason> settling) {
        for (var condition : after) {
            var type = ConditionType.of(condition.type()).filter(types::contains);
            if (type.isPresent() && isNews(about, before, condition, type.get(), settling)) {
                var message = words(condition);
                if (Conditions.isGood(condition) || mayFollow(about, condition) || isOf(settling, condition)) {
                    normal(about, condition.reason(), message);
                } else {
                    warning(about, condition.reason(), message);
                }
            }
        }
    }

    /**
     * Warns of what was told as a Normal Event because it might follow, and has not followed. To be called at every look: it is told once
     * by this process, and only for a while, so that a restart does not tell it of everything again. A machine may join much later than
     * its node was made, so of devices nothing is told.
     *
     * @param conditions as this look has found them
     * @param settling as in {@link #transitions(HasMetadata, List, List, Set, Set)}
     */
    public void stillMissing(HasMetadata about, List<Condition> conditions, Set<Reason> settling) {
        var now = clock.instant();
        conditions.stream()
                .filter(condition -> !Conditions.isGood(condition) && !Condition.UNKNOWN.equals(condition.status()))
                .filter(condition -> ConditionType.of(condition.type())
                        .filter(type -> type.isToldOn(about.getClass()))
                        .isPresent())
                .filter(condition -> settledAt(about, condition, settling)
                        .filter(at -> !now.isBefore(at) && !now.isAfter(at.plus(REMINDED)))
                        .isPresent())
                .forEach(condition -> {
                    var occasion = "still missing " + condition.type() + " " + condition.lastTransitionTime();
                    if (told.asMap().putIfAbsent(digest(about.getMetadata().getUid() + " " + occasion), 1) == null) {
                        warningOnce(about, condition.reason(), words(condition), occasion);
                    }
                });
    }

    /** From when on a condition that was told as a Normal Event is worth a Warning; empty if it was told as one. */
    private static Optional<Instant> settledAt(HasMetadata about, Condition condition, Set<Reason> settling) {
        var since = time(condition.lastTransitionTime());
        if (isOf(settling, condition)) {
            return since.map(at -> at.plus(SETTLING));
        }
        return isMissing(about, condition) && !condition.reason().equals(Reason.DEVICE_NOT_FOUND.toString())
                ? mayFollowUntil(about)
                        .filter(until -> since.filter(until::isAfter).isPresent())
                : Optional.empty();
    }

    /** {@code Online is False: why}. */
    public static String words(Condition condition) {
        return condition.type() + " is " + condition.status() + ": " + condition.message();
    }

    /** Until then, what a resource names may follow it. */
    private static Optional<Instant> mayFollowUntil(HasMetadata about) {
        return Optional.ofNullable(about.getMetadata().getCreationTimestamp())
                .map(made -> Instant.parse(made).plus(SETTLING));
    }

    /** Empty for what is no time: whoever may write a status can write that. */
    private static Optional<Instant> time(@Nullable String text) {
        try {
            return Optional.ofNullable(text).map(Instant::parse);
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private static boolean isOf(Set<Reason> reasons, Condition condition) {
        return reasons.stream().anyMatch(reason -> reason.toString().equals(condition.reason()));
    }

    private boolean isNews(
            HasMetadata about, List<Condition> before, Condition now, ConditionType type, Set<Reason> settling) {
        var was = Conditions.find(before, type).filter(old -> !Condition.UNKNOWN.equals(old.status()));
        return !Condition.UNKNOWN.equals(now.status())
                && was.map(old -> !old.status().equals(now.status()) || isWorse(about, old, now, settling))
                        .orElse(!Conditions.isGood(now));
    }

    /** What was told as a Normal Event, because it might pass, has become what does not pass, before its Warning was due. */
    private boolean isWorse(HasMetadata about, Condition was, Condition now, Set<Reason> settling) {
        return !Conditions.isGood(now)
                && !isMissing(about, now)
                && !isOf(settling, now)
                && settledAt(about, was, settling)
                        .filter(clock.instant()::isBefore)
                        .isPresent();
    }

    private boolean mayFollow(HasMetadata about, Condition condition) {
        return isMissing(about, condition)
                && mayFollowUntil(about).filter(clock.instant()::isBefore).isPresent();
    }

    private static boolean isMissing(HasMetadata about, Condition condition) {
        // For a Tailnet this is an answer of the control plane, not a resource that is missing.
        var isAnswer = about instanceof Tailnet && condition.reason().equals(Reason.TAILNET_NOT_FOUND.toString());
        return ABSENT.contains(condition.reason()) && !isAnswer;
    }

    private void write(HasMetadata about, String type, String reason, String message) {
        var metadata = about.getMetadata();
        var state = metadata.getUid() + " " + metadata.getGeneration() + " " + type + " " + reason + " " + message;
        write(about, state + " " + told.asMap().merge(digest(state), 1, Integer::sum), type, reason, message);
    }

    private void write(HasMetadata about, String identity, String type, String reason, String message) {
        var event = event(about, identity, type, reason, message);
        try {
            if (!create(event) && !isRecent(event)) {
                create(event(about, identity + " " + clock.instant(), type, reason, message));
            }
        } catch (KubernetesClientException e) {
            LOG.debugf(
                    "Event %s about %s %s/%s was not written: %s",
                    reason,
                    about.getKind(),
                    about.getMetadata().getNamespace(),
                    about.getMetadata().getName(),
                    e.getMessage());
        }
    }

    /** @return false when one of this name is there already */
    private boolean create(Event event) {
        try {
            kubernetes.v1().events().resource(event).create();
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
                return false;
            }
            throw e;
        }
    }

    private boolean isRecent(Event event) {
        var written = kubernetes.v1().events().resource(event).get();
        return written == null
                || written.getLastTimestamp() == null
                || Instant.parse(written.getLastTimestamp()).plus(SAME_OCCASION).isAfter(clock.instant());
    }

    private Event event(HasMetadata about, String identity, String type, String reason, String message) {
        var now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var metadata = about.getMetadata();
        var stem = metadata.getName();
        return new EventBuilder()
                .withNewMetadata()
                .withNamespace(metadata.getNamespace())
                .withName(stem.substring(0, Math.min(stem.length(), LONGEST_STEM)) + "." + digest(identity))
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(metadata.getNamespace())
                .withName(metadata.getName())
                .withUid(metadata.getUid())
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
                .withMessage(Abridged.text(message, MAX_MESSAGE))
                .withFirstTimestamp(now)
                .withLastTimestamp(now)
                .withCount(1)
                .withNewSource()
                .withComponent(ApiGroup.OPERATOR)
                .endSource()
                .withReportingComponent(ApiGroup.OPERATOR)
                .withReportingInstance(ApiGroup.OPERATOR)
                .build();
    }

    private static UUID digest(String text) {
        return UUID.nameUUIDFromBytes(text.getBytes(UTF_8));
    }

    /** What is remembered, for its size. */
    Set<UUID> remembered() {
        return told.asMap().keySet();
    }
}
