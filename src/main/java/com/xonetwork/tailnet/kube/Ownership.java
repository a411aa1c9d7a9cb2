package com.xonetwork.tailnet.kube;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import java.util.Optional;

/** What the operator makes for a resource belongs to it, and goes with it. */
public final class Ownership {

    private Ownership() {}

    /** The reference to put on what is made for the owner. */
    public static OwnerReference by(HasMetadata owner) {
        return new OwnerReferenceBuilder()
                .withApiVersion(owner.getApiVersion())
                .withKind(owner.getKind())
                .withName(owner.getMetadata().getName())
                .withUid(owner.getMetadata().getUid())
                .withController(true)
                .build();
    }

    /** The controller of a resource, where that is one of ours of this kind. It is what somebody wrote there: compare its UID. */
    public static Optional<OwnerReference> controller(HasMetadata resource, Class<? extends HasMetadata> kind) {
        return resource.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .filter(owner -> HasMetadata.getKind(kind).equals(owner.getKind()))
                .filter(owner -> String.valueOf(owner.getApiVersion()).startsWith(ApiGroup.GROUP + "/"))
                .findFirst();
    }

    /** Whether the resource is controlled by the one with this UID: a name alone could be anybody's. */
    public static boolean isControlledBy(String uid, HasMetadata resource) {
        return resource.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> Boolean.TRUE.equals(owner.getController()) && uid.equals(owner.getUid()));
    }

    /**
     * Whether the operator made this for the resource with this UID. Whoever may create objects can write any owner reference into
     * them. The label is what an admission policy reserves to the operator's account.
     */
    public static boolean isMadeFor(String uid, HasMetadata resource) {
        var labels = resource.getMetadata().getLabels();
        return isControlledBy(uid, resource)
                && labels != null
                && ApiGroup.OPERATOR.equals(labels.get(ApiGroup.MANAGED_BY_LABEL));
    }
}
