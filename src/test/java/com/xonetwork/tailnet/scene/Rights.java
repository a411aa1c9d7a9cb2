package com.xonetwork.tailnet.scene;

import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import java.time.Duration;
import java.util.UUID;

/** Rights that a test has just given to somebody. */
public final class Rights {

    private Rights() {}

    /**
     * Waits until the API server's authorizer goes by every Role and RoleBinding that was made before: it hears of them as any other
     * watcher does, in their order and a moment after they were made.
     */
    public static void await(Scene scene) {
        var last = "last-" + UUID.randomUUID();
        scene.apply("""
                apiVersion: rbac.authorization.k8s.io/v1
                kind: Role
                metadata: {name: %1$s}
                rules: [{apiGroups: [""], resources: [pods], verbs: [get]}]
                ---
                apiVersion: rbac.authorization.k8s.io/v1
                kind: RoleBinding
                metadata: {name: %1$s}
                roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %1$s}
                subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %1$s}]
                """.formatted(last));
        var question = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(last)
                .withNewResourceAttributes()
                .withNamespace(scene.cluster().namespace())
                .withVerb("get")
                .withResource("pods")
                .endResourceAttributes()
                .endSpec()
                .build();
        scene.soon()
                .pollDelay(Duration.ZERO)
                .until(() -> scene.client()
                        .authorization()
                        .v1()
                        .subjectAccessReview()
                        .create(question)
                        .getStatus()
                        .getAllowed());
    }
}
