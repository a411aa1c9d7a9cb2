package com.xonetwork.tailnet.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.AclPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/** Builds an {@link AclPolicy} of Tailnet {@code net/home}: enforced, and allowing everything until told otherwise. */
public final class TestPolicy {

    public static final String ALLOW_ALL =
            "{\"acls\": [{\"action\": \"accept\", \"src\": [\"*\"], \"dst\": [\"*:*\"]}]}";

    private final String name;
    private int priority;
    private Mode mode = Mode.ENFORCE;
    private JsonNode fragment;
    private String hujson = ALLOW_ALL;
    private long generation = 1;

    private TestPolicy(String name) {
        this.name = name;
    }

    public static TestPolicy policy(String name) {
        return new TestPolicy(name);
    }

    public TestPolicy says(String text) {
        hujson = text;
        return this;
    }

    /** Written as YAML instead of text. */
    public TestPolicy fragment(JsonNode value) {
        fragment = value;
        hujson = null;
        return this;
    }

    public TestPolicy priority(int value) {
        priority = value;
        return this;
    }

    public TestPolicy observed() {
        mode = Mode.OBSERVE;
        return this;
    }

    public TestPolicy generation(long value) {
        generation = value;
        return this;
    }

    public AclPolicy build() {
        var policy = new AclPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("net")
                .withUid("uid-" + name)
                .withGeneration(generation)
                .build());
        policy.setSpec(new AclPolicySpec(new LocalRef("home"), priority, mode, fragment, hujson));
        return policy;
    }
}
