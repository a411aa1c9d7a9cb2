package com.xonetwork.tailnet.bench;

import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.util.List;

/**
 * The least that any operator in this language does before its first write: a JVM, the client, one cache for each of our
 * kinds, one status written. Arguments: namespace and name of the Tailnet to write to.
 */
public final class InformerReference {

    private InformerReference() {}

    /** @param arguments namespace, Tailnet name */
    public static void main(String[] arguments) {
        try {
            run(arguments);
            // The client's threads outlive it for a while; that is no part of what is measured.
            Runtime.getRuntime().halt(0);
        } catch (RuntimeException e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run(String[] arguments) {
        try (KubernetesClient client = new KubernetesClientBuilder().build()) {
            List.of(Tailnet.class, TailnetNode.class, NodeClass.class, AclPolicy.class)
                    .forEach(kind -> client.resources(kind).inAnyNamespace().inform(new Ignore<>()));
            client.resources(Tailnet.class)
                    .inNamespace(arguments[0])
                    .withName(arguments[1])
                    .patch(
                            PatchContext.of(PatchType.JSON_MERGE),
                            "{\"metadata\":{\"annotations\":{\"bench/reference\":\"written\"}}}");
        }
    }

    private static final class Ignore<T> implements ResourceEventHandler<T> {
        @Override
        public void onAdd(T object) {}

        @Override
        public void onUpdate(T before, T after) {}

        @Override
        public void onDelete(T object, boolean finalStateUnknown) {}
    }
}
