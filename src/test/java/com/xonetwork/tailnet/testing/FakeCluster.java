package com.xonetwork.tailnet.testing;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.MixedOperation;
import io.fabric8.kubernetes.client.dsl.NamespaceableResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects by kind, namespace and name behind a Kubernetes client. Proves nothing about a server: only what is asked of it. */
public final class FakeCluster {

    private final Map<String, HasMetadata> objects = new LinkedHashMap<>();

    public FakeCluster with(HasMetadata... more) {
        List.of(more).forEach(object -> objects.put(key(object), object));
        return this;
    }

    public List<String> keys() {
        return List.copyOf(objects.keySet());
    }

    public HasMetadata get(String key) {
        return objects.get(key);
    }

    public KubernetesClient client() {
        return fake(KubernetesClient.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "secrets" -> all("Secret", null);
            case "configMaps" -> all("ConfigMap", null);
            case "resources" -> all(((Class<?>) arguments[0]).getSimpleName(), null);
            case "resource" -> one((HasMetadata) arguments[0], null);
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private Object all(String kind, String namespace) {
        return fake(MixedOperation.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "inNamespace" -> all(kind, (String) arguments[0]);
            case "withName" ->
                fake(Resource.class, (resource, asked, none) -> switch (asked.getName()) {
                    case "get" -> objects.get(kind + " " + namespace + "/" + arguments[0]);
                    default -> throw new UnsupportedOperationException(asked.getName());
                });
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private Object one(HasMetadata object, String lockedVersion) {
        return fake(NamespaceableResource.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "create" -> {
                if (objects.containsKey(key(object))) {
                    throw new KubernetesClientException("already exists", 409, null);
                }
                objects.put(key(object), object);
                yield object;
            }
            case "lockResourceVersion" -> one(object, (String) arguments[0]);
            case "delete" -> {
                var there = objects.get(key(object));
                if (there != null && !there.getMetadata().getResourceVersion().equals(lockedVersion)) {
                    throw new KubernetesClientException("the object has been modified", 409, null);
                }
                objects.remove(key(object));
                yield List.of();
            }
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static String key(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getNamespace() + "/"
                + object.getMetadata().getName();
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(FakeCluster.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
