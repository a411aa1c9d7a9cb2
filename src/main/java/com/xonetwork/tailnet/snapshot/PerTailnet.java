package com.xonetwork.tailnet.snapshot;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of each Tailnet, one value for each. It ends by itself: when the Tailnet is forgotten, and sooner if it is
 * about something that ends sooner. A plain map would outlive its subject, and speak of a tailnet that the Tailnet has left.
 *
 * @param <T> must be immutable, or safe for several threads
 */
public final class PerTailnet<T> {

    /** What the values are about, and so when they end. */
    public enum About {
        /** The resource: kept until it is gone. */
        RESOURCE,
        /** The tailnet behind it: kept until the resource is connected to another one, or to none. */
        TAILNET,
        /** The connection: kept until there is another, be it with other credentials for the same tailnet. */
        CONNECTION
    }

    private final About about;
    private final Map<TailnetKey, T> values = new ConcurrentHashMap<>();

    /** @param snapshots tells it what ends */
    public PerTailnet(About about, SnapshotStore snapshots) {
        this(about);
        snapshots.tell(this);
    }

    /** For what its owner forgets itself. */
    PerTailnet(About about) {
        this.about = about;
    }

    public Optional<T> get(TailnetKey tailnet) {
        return Optional.ofNullable(values.get(tailnet));
    }

    public T getOrMake(TailnetKey tailnet, Supplier<T> first) {
        return values.computeIfAbsent(tailnet, unused -> first.get());
    }

    public void put(TailnetKey tailnet, T value) {
        values.put(tailnet, value);
    }

    /** Changes the value in one step. @param change gets null when there is none, and returns null for none */
    public @Nullable T change(TailnetKey tailnet, UnaryOperator<@Nullable T> change) {
        return values.compute(tailnet, (unused, before) -> change.apply(before));
    }

    /** @return what there was */
    public Optional<T> forget(TailnetKey tailnet) {
        return Optional.ofNullable(values.remove(tailnet));
    }

    void connected(TailnetKey tailnet, boolean isSameTailnet) {
        if (about == About.CONNECTION || (about == About.TAILNET && !isSameTailnet)) {
            values.remove(tailnet);
        }
    }
}
