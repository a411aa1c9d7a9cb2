package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.pure.Pure;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is noted on a Tailnet about each of its documents: whose it is, and which was published last. Kept as annotations because not
 * every service keeps a mark in the document, and outside the status because that is output only.
 */
@Pure
final class DocumentClaims {

    private DocumentClaims() {}

    /** Whether this Tailnet took the document over before. */
    static boolean owns(Tailnet tailnet, DocumentKind<?> kind) {
        return place(tailnet).equals(annotation(tailnet, ApiGroup.ownsAnnotation(kind.id())));
    }

    /** Hash of the document that it published last; null when there is none. */
    static @Nullable String published(Tailnet tailnet, DocumentKind<?> kind) {
        return annotation(tailnet, ApiGroup.publishedAnnotation(kind.id()));
    }

    /** The annotations to write with a publication; none where they are there already. */
    static Map<String, String> of(Tailnet tailnet, DocumentKind<?> kind, String hash) {
        return owns(tailnet, kind) && hash.equals(published(tailnet, kind))
                ? Map.of()
                : Map.of(
                        ApiGroup.ownsAnnotation(kind.id()),
                        place(tailnet),
                        ApiGroup.publishedAnnotation(kind.id()),
                        hash);
    }

    static @Nullable String annotation(Tailnet tailnet, String name) {
        return Optional.ofNullable(tailnet.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(name))
                .orElse(null);
    }

    private static String place(Tailnet tailnet) {
        var spec = tailnet.getSpec();
        if (spec.tailscale() != null) {
            return spec.tailscale().url() + "/" + spec.tailscale().tailnet();
        }
        return spec.headscale() == null ? "" : spec.headscale().url() + "/-";
    }
}
