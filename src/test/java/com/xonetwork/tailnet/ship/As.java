package com.xonetwork.tailnet.ship;

import com.xonetwork.tailnet.scene.Scene;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.NamespacedKubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.function.Function;

/** Somebody at the API server, impersonated: admission and authorization see this user and no other. */
record As(Scene scene, String user, String... groups) {

    /** What the API server answers where it took the call. */
    static final String TAKEN = "taken";

    /** A user whom nothing but the admission policies holds back. */
    static As mighty(Scene scene, String user, String... groups) {
        var all = new String[groups.length + 1];
        all[0] = "system:masters";
        System.arraycopy(groups, 0, all, 1, groups.length);
        return new As(scene, user, all);
    }

    /** The operator's own account, with every right. */
    static As operator(Scene scene) {
        return mighty(scene, scene.operator().user());
    }

    /** What makes the pods of Jobs. */
    static As jobController(Scene scene) {
        return mighty(
                scene,
                "system:serviceaccount:kube-system:job-controller",
                "system:serviceaccounts",
                "system:serviceaccounts:kube-system");
    }

    /** A controller of the cluster itself. */
    static As garbageCollector(Scene scene) {
        return mighty(
                scene,
                "system:serviceaccount:kube-system:generic-garbage-collector",
                "system:serviceaccounts",
                "system:serviceaccounts:kube-system");
    }

    /** @return {@link #TAKEN}, or why it was refused */
    String does(Function<NamespacedKubernetesClient, ?> call) {
        try (var client = scene.cluster().as(user, groups)) {
            call.apply(client);
            return TAKEN;
        } catch (KubernetesClientException e) {
            return String.valueOf(e.getMessage());
        }
    }

    String creates(String yaml) {
        return does(client -> client.resource(yaml).create());
    }

    String patches(Class<? extends HasMetadata> kind, String name, String merge) {
        return does(
                client -> client.resources(kind).withName(name).patch(PatchContext.of(PatchType.JSON_MERGE), merge));
    }

    String patchesStatus(Class<? extends HasMetadata> kind, String name, String merge) {
        return does(client -> client.resources(kind)
                .withName(name)
                .subresource("status")
                .patch(PatchContext.of(PatchType.JSON_MERGE), merge));
    }
}
