package com.xonetwork.tailnet.bootstrap;

import com.xonetwork.tailnet.inventory.TailnetNodeCache;
import com.xonetwork.tailnet.joinkey.JoinKeyHolder;
import com.xonetwork.tailnet.joinkey.JoinKeyRecords.NameTaken;
import com.xonetwork.tailnet.joinkey.JoinSecretEffects;
import com.xonetwork.tailnet.observability.EventRecorder;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Gives a machine its join key for its token, once. The token is marked as used before the key is given: who is stopped in
 * between has a token that is used and no key, never a key that was given twice.
 */
@Singleton
public final class BootstrapEffects {

    /** A key must be usable for so long, or the machine might come too late with it. */
    private static final Duration LEAST_VALIDITY = Duration.ofMinutes(2);

    private final TailnetNodeCache nodes;
    private final CloudInitSecretEffects files;
    private final JoinSecretEffects keys;
    private final EventRecorder events;
    private final Clock clock;

    public BootstrapEffects(
            TailnetNodeCache nodes,
            CloudInitSecretEffects files,
            JoinSecretEffects keys,
            EventRecorder events,
            Clock clock) {
        this.nodes = nodes;
        this.files = files;
        this.keys = keys;
        this.events = events;
        this.clock = clock;
    }

    /** What a machine is answered. */
    public sealed interface Answer {
        /** @param authKey not to be logged */
        record Key(String authKey) implements Answer {
            @Override
            public String toString() {
                return "Key";
            }
        }

        /** There is no such node, or the token is not its own, or was used: all the same to a stranger. */
        record Refused() implements Answer {}

        /** The token is good and was not used; there is no key at the moment. */
        record NotYet() implements Answer {}
    }

    /**
     * Uses a token.
     *
     * @param name of the TailnetNode
     */
    public Answer redeem(String namespace, String name, String token) {
        // From the cache, and so of namespaces that are watched: a stranger's words become no request to the API
        // server.
        var node = nodes.get(new ResourceID(name, namespace)).orElse(null);
        if (node == null && !nodes.isFilled()) {
            return new Answer.NotYet();
        }
        if (node == null || node.isMarkedForDeletion() || node.getSpec().cloudInit() == null) {
            return new Answer.Refused();
        }
        var holder = new JoinKeyHolder(node);
        var recorded = unlessTaken(() -> files.find(holder, token)).filter(record -> isSame(record.token(), token));
        if (recorded.isEmpty()) {
            return new Answer.Refused();
        }
        var key = unlessTaken(() -> keys.authKey(holder, clock.instant().plus(LEAST_VALIDITY)));
        // Written in between means used in between, or other files with the same token: asked again, it shows.
        if (key.isEmpty() || !files.use(holder, recorded.get())) {
            return new Answer.NotYet();
        }
        events.normal(node, "JoinKeyFetched", "the machine has fetched its join key with the token of its first boot");
        return new Answer.Key(key.get());
    }

    /** A Secret that is somebody else's is none. */
    private static <T> Optional<T> unlessTaken(Supplier<Optional<T>> secret) {
        try {
            return secret.get();
        } catch (NameTaken e) {
            return Optional.empty();
        }
    }

    /** In a time that does not tell how much of it was right. */
    private static boolean isSame(String wanted, String given) {
        return !wanted.isEmpty()
                && MessageDigest.isEqual(
                        wanted.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
