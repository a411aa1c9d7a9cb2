package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.KeyExpiry;
import com.xonetwork.tailnet.api.v1alpha1.LabelSelector;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.NodeClass;
import com.xonetwork.tailnet.api.v1alpha1.NodeClassSpec;
import com.xonetwork.tailnet.api.v1alpha1.NodeMatch;
import com.xonetwork.tailnet.api.v1alpha1.NodePreferences;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;

/** Builds a {@link NodeClass}. Without a rule it would match everything; the CRD does not allow that, a test may. */
public final class TestClass {

    private final String name;
    private List<String> hostnames = List.of();
    private List<String> os = List.of();
    private List<String> addresses = List.of();
    private List<String> matchTags = List.of();
    private LabelSelector labels;
    private LocalRef tailnet;
    private int priority;
    private List<String> tags = List.of();
    private KeyExpiry keyExpiry;
    private NodePreferences preferences;
    private Boolean approved;

    private TestClass(String name) {
        this.name = name;
    }

    public static TestClass nodeClass(String name) {
        return new TestClass(name);
    }

    public TestClass hostnames(String... globs) {
        hostnames = List.of(globs);
        return this;
    }

    public TestClass os(String... values) {
        os = List.of(values);
        return this;
    }

    public TestClass addresses(String... cidrs) {
        addresses = List.of(cidrs);
        return this;
    }

    public TestClass matchTags(String... values) {
        matchTags = List.of(values);
        return this;
    }

    public TestClass labels(LabelSelector selector) {
        labels = selector;
        return this;
    }

    public TestClass tailnet(String value) {
        tailnet = new LocalRef(value);
        return this;
    }

    public TestClass priority(int value) {
        priority = value;
        return this;
    }

    public TestClass tags(String... values) {
        tags = List.of(values);
        return this;
    }

    public TestClass keyExpiry(KeyExpiry value) {
        keyExpiry = value;
        return this;
    }

    public TestClass approved(Boolean value) {
        approved = value;
        return this;
    }

    public TestClass preferences(NodePreferences value) {
        preferences = value;
        return this;
    }

    public NodeClass build() {
        var nodeClass = new NodeClass();
        nodeClass.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace("net").build());
        nodeClass.setSpec(new NodeClassSpec(
                new NodeMatch(hostnames, os, addresses, matchTags, labels),
                tailnet,
                priority,
                tags,
                keyExpiry,
                approved,
                preferences));
        return nodeClass;
    }
}
