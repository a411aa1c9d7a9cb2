package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.LabelSelector;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.RouteVia;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRoute;
import com.xonetwork.tailnet.api.v1alpha1.SubnetRouteSpec;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;

/** Builds a {@link SubnetRoute} of the Tailnet {@code home}. */
public final class TestRoute {

    private final String name;
    private List<String> cidrs = List.of("192.168.50.0/24");
    private RouteVia via = new RouteVia(List.of("router-1"), null);
    private String created = "2026-01-01T00:00:00Z";
    private String deleted;

    private TestRoute(String name) {
        this.name = name;
    }

    public static TestRoute route(String name) {
        return new TestRoute(name);
    }

    public TestRoute to(String... values) {
        cidrs = List.of(values);
        return this;
    }

    public TestRoute via(String... nodes) {
        via = new RouteVia(List.of(nodes), null);
        return this;
    }

    public TestRoute viaLabel(String key, String value) {
        via = new RouteVia(List.of(), new LabelSelector(Map.of(key, value), List.of()));
        return this;
    }

    public TestRoute created(String value) {
        created = value;
        return this;
    }

    public TestRoute deleting() {
        deleted = "2026-06-01T00:00:00Z";
        return this;
    }

    public SubnetRoute build() {
        var route = new SubnetRoute();
        route.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("net")
                .withUid("uid-" + name)
                .withGeneration(1L)
                .withCreationTimestamp(created)
                .withDeletionTimestamp(deleted)
                .build());
        route.setSpec(new SubnetRouteSpec(new LocalRef("home"), cidrs, via, null));
        return route;
    }
}
