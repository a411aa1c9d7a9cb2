package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.DeletionPolicy;
import com.xonetwork.tailnet.api.v1alpha1.HostKeyPolicy;
import com.xonetwork.tailnet.api.v1alpha1.JoinSpec;
import com.xonetwork.tailnet.api.v1alpha1.KeyExpiry;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.ManualJoin;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.NodePreferences;
import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailnetNodeStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Builds a {@link TailnetNode} of Tailnet {@code net/home} that asks for nothing but its host name. */
public final class TestNode {

    private final String name;
    private String namespace = "net";
    private String tailnet = "home";
    private String hostname;
    private String deviceId;
    private List<String> tags = List.of();
    private KeyExpiry keyExpiry;
    private Boolean approved;
    private Mode mode;
    private DeletionPolicy deletionPolicy = DeletionPolicy.RETAIN;
    private JoinSpec join;
    private NodePreferences preferences;
    private String machineDeviceId;
    private String formerDeviceId;
    private String created = "2026-01-01T00:00:00Z";
    private String deleted;
    private final Map<String, String> labels = new HashMap<>();

    private TestNode(String name) {
        this.name = name;
        this.hostname = name;
    }

    public static TestNode node(String name) {
        return new TestNode(name);
    }

    /** As {@code deviceImport} makes it. */
    public static TestNode imported(String name, String deviceId) {
        return new TestNode(name).hostname(null).deviceId(deviceId).label(ApiGroup.IMPORTED_LABEL, "true");
    }

    public TestNode in(String otherNamespace, String otherTailnet) {
        namespace = otherNamespace;
        tailnet = otherTailnet;
        return this;
    }

    public TestNode hostname(String value) {
        hostname = value;
        return this;
    }

    public TestNode deviceId(String value) {
        deviceId = value;
        return this;
    }

    public TestNode tags(String... values) {
        tags = List.of(values);
        return this;
    }

    public TestNode keyExpiry(KeyExpiry value) {
        keyExpiry = value;
        return this;
    }

    public TestNode approved(Boolean value) {
        approved = value;
        return this;
    }

    public TestNode mode(Mode value) {
        mode = value;
        return this;
    }

    /** Joins with a key from a Secret. */
    public TestNode joins(String keyValidFor) {
        join = new JoinSpec(new ManualJoin(keyValidFor), null, null);
        return this;
    }

    /** Is reached at this address with the key {@code id} of Secret {@code ssh}. */
    public TestNode ssh(String address) {
        join = new JoinSpec(
                null,
                new SshJoin(address, null, null, new KeyRef("ssh", "id"), null, HostKeyPolicy.TRUST_ON_FIRST_USE, null),
                null);
        return this;
    }

    public TestNode join(JoinSpec value) {
        join = value;
        return this;
    }

    public TestNode preferences(NodePreferences value) {
        preferences = value;
        return this;
    }

    /** Its machine said that it is this device. */
    public TestNode said(String device) {
        machineDeviceId = device;
        return this;
    }

    /** Its machine was this device before. */
    public TestNode was(String device) {
        formerDeviceId = device;
        return this;
    }

    public TestNode created(String value) {
        created = value;
        return this;
    }

    public TestNode label(String key, String value) {
        labels.put(key, value);
        return this;
    }

    /** Marked for deletion, device and all. */
    public TestNode deleting(String since) {
        deletionPolicy = DeletionPolicy.DELETE;
        deleted = since;
        return this;
    }

    public TestNode deletionPolicy(DeletionPolicy value) {
        deletionPolicy = value;
        return this;
    }

    public TailnetNode build() {
        var node = new TailnetNode();
        node.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace)
                .withUid("uid-" + name)
                .withGeneration(1L)
                .withCreationTimestamp(created)
                .withDeletionTimestamp(deleted)
                .withFinalizers(deleted == null ? List.of() : List.of(ApiGroup.DEVICE_FINALIZER))
                .withLabels(labels.isEmpty() ? null : Map.copyOf(labels))
                .build());
        node.setSpec(new TailnetNodeSpec(
                new LocalRef(tailnet),
                hostname,
                deviceId,
                tags,
                keyExpiry,
                approved,
                mode,
                deletionPolicy,
                join,
                preferences));
        if (machineDeviceId != null || formerDeviceId != null) {
            node.setStatus(new TailnetNodeStatus(
                            1L, List.of(), null, null, null, List.of(), null, null, null, List.of(), List.of(),
                            List.of(), null)
                    .saying(machineDeviceId, formerDeviceId));
        }
        return node;
    }
}
