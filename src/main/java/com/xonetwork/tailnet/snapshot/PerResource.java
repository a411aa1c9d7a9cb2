package com.xonetwork.tailnet.snapshot;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of each resource, by its uid: a resource that is made again under its name is another one. Its reconciler
 * forgets it with the resource. It is bounded besides, because a deletion that nobody heard of must not cost memory for ever; so
 * a value may be gone at any time, and must be one that can be learned again.
 *
 * @param <T> must be immutable, or safe for several threads
 */
public final class PerResource<T> {

    /** Far more than resources of one kind fit into the operator's memory. */
    private static final int MOST = 100_000;

    private final Cache<String, T> values =
            Caffeine.newBuilder().maximumSize(MOST).executor(Runnable::run).build();

    public Optional<T> get(HasMetadata resource) {
        return get(uid(resource));
    }

    public Optional<T> get(String uid) {
        return Optional.ofNullable(values.getIfPresent(uid));
    }

    public void put(HasMetadata resource, T value) {
        put(uid(resource), value);
    }

    public void put(String uid, T value) {
        values.put(uid, value);
    }

    /** Changes the value in one step. @param change gets null when there is none, and returns null for none */
    public void change(String uid, UnaryOperator<@Nullable T> change) {
        values.asMap().compute(uid, (unused, before) -> change.apply(before));
    }

    /** Changes the value in one step if there is one. @param change returns null for none */
    public void changeIfKnown(String uid, UnaryOperator<@Nullable T> change) {
        values.asMap().computeIfPresent(uid, (unused, before) -> change.apply(before));
    }

    /** @return what there was */
    public Optional<T> forget(HasMetadata resource) {
        return forget(uid(resource));
    }

    /** @return what there was */
    public Optional<T> forget(String uid) {
        return Optional.ofNullable(values.asMap().remove(uid));
    }

    private static String uid(HasMetadata resource) {
        return resource.getMetadata().getUid();
    }
}
