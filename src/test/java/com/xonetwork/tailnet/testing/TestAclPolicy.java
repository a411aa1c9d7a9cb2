package com.xonetwork.tailnet.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.xonetwork.tailnet.api.v1alpha1.AclPolicy;
import com.xonetwork.tailnet.api.v1alpha1.AclPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/** Builds an enforced {@link AclPolicy} of Tailnet {@code net/home}. Quotes may be single ones. */
public final class TestAclPolicy {

    private final String name;
    private String hujson;
    private JsonNode fragment;
    private int priority;
    private Mode mode = Mode.ENFORCE;
    private long generation = 1;

    private TestAclPolicy(String name, String hujson) {
        this.name = name;
        this.hujson = hujson;
    }

    public static TestAclPolicy acl(String name, String text) {
        return new TestAclPolicy(name, text.replace('\'', '"'));
    }

    /** One that says it in YAML. */
    public static TestAclPolicy acl(String name, JsonNode fragment) {
        var policy = new TestAclPolicy(name, null);
        policy.fragment = fragment;
        return policy;
    }

    public TestAclPolicy priority(int value) {
        priority = value;
        return this;
    }

    public TestAclPolicy observed() {
        mode = Mode.OBSERVE;
        return this;
    }

    public TestAclPolicy generation(long value) {
        generation = value;
        return this;
    }

    public AclPolicy build() {
        var policy = new AclPolicy();
        policy.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace("net")
                .withGeneration(generation)
                .build());
        policy.setSpec(new AclPolicySpec(new LocalRef("home"), priority, mode, fragment, hujson));
        return policy;
    }
}
