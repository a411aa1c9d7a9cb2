package com.xonetwork.tailnet.tailnet;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.status.OwnWrite;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.util.Map;

/** Writes what the operator remembers of a Tailnet across restarts, and cannot find out anew: its annotations. */
@Singleton
final class AnnotationEffects {

    private final KubernetesClient kubernetes;

    AnnotationEffects(KubernetesClient kubernetes) {
        this.kubernetes = kubernetes;
    }

    /** Which devices were removed, and when: {@link ApiGroup#COLLECTED_ANNOTATION}. */
    void collections(Tailnet tailnet, String notes) {
        write(tailnet, Map.of(ApiGroup.COLLECTED_ANNOTATION, notes), "xo-tailnet-operator-collection");
    }

    /** Whose a document is, and which was published. @param hash of what it says */
    void claim(Tailnet tailnet, DocumentKind<?> kind, String hash) {
        var annotations = DocumentClaims.of(tailnet, kind, hash);
        if (!annotations.isEmpty()) {
            write(tailnet, annotations, "xo-tailnet-operator-" + kind.id() + "-claim");
        }
    }

    /**
     * @param tailnet gets the metadata that the API server answered
     * @param manager owns these annotations and nothing else
     */
    private void write(Tailnet tailnet, Map<String, String> annotations, String manager) {
        var only = new Tailnet();
        only.setMetadata(new ObjectMetaBuilder()
                .withName(tailnet.getMetadata().getName())
                .withNamespace(tailnet.getMetadata().getNamespace())
                .withAnnotations(annotations)
                .build());
        OwnWrite.goOnFrom(
                tailnet,
                kubernetes.resource(only).fieldManager(manager).forceConflicts().serverSideApply());
    }
}
