package com.xonetwork.tailnet.testing;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A Kubernetes client that takes Events and can do nothing else. */
public final class FakeEvents {

    private final List<Event> written = new CopyOnWriteArrayList<>();
    private volatile boolean refusing;

    public KubernetesClient client() {
        return (KubernetesClient) fake(KubernetesClient.class, (proxy, method, arguments) -> switch (method.getName()) {
            case "v1", "events" -> fake(method.getReturnType(), Proxy.getInvocationHandler(proxy));
            case "resource" -> writing((Event) arguments[0]);
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    /** From now on as an API server that is not there. */
    public void refuse() {
        refusing = true;
    }

    public List<Event> written() {
        return List.copyOf(written);
    }

    public List<String> reasons() {
        return written.stream().map(Event::getReason).toList();
    }

    public List<String> messages() {
        return written.stream().map(Event::getMessage).toList();
    }

    private Object writing(Event event) {
        return fake(Resource.class, (proxy, method, arguments) -> {
            var name = event.getMetadata().getName();
            if (method.getName().equals("get")) {
                return written.stream()
                        .filter(other -> other.getMetadata().getName().equals(name))
                        .findFirst()
                        .orElse(null);
            }
            if (!method.getName().equals("create")) {
                throw new UnsupportedOperationException(method.getName());
            }
            if (refusing) {
                throw new KubernetesClientException("no API server");
            }
            if (written.stream().anyMatch(other -> other.getMetadata().getName().equals(name))) {
                throw new KubernetesClientException("events \"" + name + "\" already exists", 409, null);
            }
            written.add(event);
            return event;
        });
    }

    private static Object fake(Class<?> type, InvocationHandler handler) {
        return Proxy.newProxyInstance(FakeEvents.class.getClassLoader(), new Class<?>[] {type}, handler);
    }
}
