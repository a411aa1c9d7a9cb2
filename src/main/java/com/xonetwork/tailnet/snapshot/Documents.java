package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** What is known of a tailnet's documents, by kind. Immutable. */
public final class Documents {

    /** None was read. */
    public static final Documents NONE = new Documents(Map.of());

    private final Map<DocumentKind<?>, Observed<?>> byKind;

    private Documents(Map<DocumentKind<?>, Observed<?>> byKind) {
        this.byKind = byKind;
    }

    /** What is known of that document; it is unread when nobody asked for it. */
    @SuppressWarnings("unchecked")
    public <T> Observed<T> of(DocumentKind<T> kind) {
        // Put there by with(), and by nobody else.
        return (Observed<T>) byKind.getOrDefault(kind, Observed.unread());
    }

    /** A copy in which this is known of the document. */
    public <T> Documents with(DocumentKind<T> kind, Observed<T> observed) {
        var copy = new HashMap<>(byKind);
        copy.put(kind, observed);
        return new Documents(Map.copyOf(copy));
    }

    /** A copy in which only these are known. */
    Documents only(Set<DocumentKind<?>> kinds) {
        if (kinds.containsAll(byKind.keySet())) {
            return this;
        }
        var copy = new HashMap<>(byKind);
        copy.keySet().retainAll(kinds);
        return new Documents(Map.copyOf(copy));
    }

    /** Whether the two say the same of every document. Another text of the same failure is no news. */
    boolean say(Documents same) {
        return this == same
                || Stream.concat(byKind.keySet().stream(), same.byKind.keySet().stream())
                        .allMatch(kind -> isSame(of(kind), same.of(kind)));
    }

    private static boolean isSame(Observed<?> one, Observed<?> other) {
        return one.isRead() == other.isRead()
                && Objects.equals(one.document(), other.document())
                && ControlPlaneException.areAlike(one.trouble(), other.trouble());
    }
}
