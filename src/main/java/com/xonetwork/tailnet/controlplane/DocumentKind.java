package com.xonetwork.tailnet.controlplane;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Something of which each tailnet has one, that is read and written as a whole: its policy file, for example. The constants are all
 * kinds that there are.
 *
 * @param <T> what it is as read
 */
public final class DocumentKind<T> {

    public static final DocumentKind<PolicyDocument> POLICY =
            new DocumentKind<>("policy", "the policy file", PolicyFile.class, PolicyFile::read, PolicyDocument::weight);

    private final String id;
    private final String name;
    private final Predicate<ControlPlane> isOffered;
    private final Function<ControlPlane, Optional<T>> read;
    private final ToLongFunction<T> weight;

    private <P extends Port> DocumentKind(
            String id, String name, Class<P> port, Function<P, Optional<T>> read, ToLongFunction<T> weight) {
        this.id = id;
        this.name = name;
        this.isOffered = controlPlane -> controlPlane.port(port).isPresent();
        this.read = controlPlane -> read.apply(controlPlane.require(port));
        this.weight = weight;
    }

    /** Whether the control plane has such a document. Makes no call. */
    public boolean isOffered(ControlPlane controlPlane) {
        return isOffered.test(controlPlane);
    }

    /**
     * Reads it, in one call.
     *
     * @return empty only when the service says that there never was one
     * @throws ControlPlaneException when it cannot be known
     */
    public Optional<T> read(ControlPlane controlPlane) {
        return read.apply(controlPlane);
    }

    /** Bytes that it takes in memory, at most. */
    public long weight(T document) {
        return weight.applyAsLong(document);
    }

    /** One word, in lower case: {@code policy}. Names of annotations have it, so it never changes. */
    public String id() {
        return id;
    }

    /** As a sentence calls it: {@code the policy file}. */
    @Override
    public String toString() {
        return name;
    }
}
