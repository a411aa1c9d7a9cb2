package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.api.v1alpha1.ApiGroup;
import com.xonetwork.tailnet.api.v1alpha1.CaBundle;
import com.xonetwork.tailnet.api.v1alpha1.ControlPlaneCredentials;
import com.xonetwork.tailnet.api.v1alpha1.DeviceImport;
import com.xonetwork.tailnet.api.v1alpha1.GarbageCollectionSpec;
import com.xonetwork.tailnet.api.v1alpha1.HeadscaleControlPlane;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.LocalRef;
import com.xonetwork.tailnet.api.v1alpha1.Mode;
import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import com.xonetwork.tailnet.api.v1alpha1.TailnetPolicySpec;
import com.xonetwork.tailnet.api.v1alpha1.TailnetRoutesSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailnetSpec;
import com.xonetwork.tailnet.api.v1alpha1.TailscaleControlPlane;
import com.xonetwork.tailnet.api.v1alpha1.TailscaleCredentials;
import com.xonetwork.tailnet.api.v1alpha1.UnmanagedRoutes;
import com.xonetwork.tailnet.api.v1alpha1.WebhookSpec;
import com.xonetwork.tailnet.api.v1alpha1.WorkloadIdentity;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;

/** Builds a {@link Tailnet} {@code net/<name>} at {@code api.tailscale.com} with the credentials' own tailnet. */
public final class TestTailnet {

    private final String name;
    private String namespace = "net";
    private String url = "https://api.tailscale.com";
    private String tailnet = "-";
    private boolean headscale;
    private CaBundle ca;
    private boolean suspend;
    private String created = "2026-01-01T00:00:00Z";
    private String deleted;
    private String pollInterval;
    private TailnetPolicySpec policy;
    private UnmanagedRoutes unmanaged;
    private Mode mode;
    private WorkloadIdentity identity;
    private List<KeyRef> webhookSecrets = List.of();
    private DeviceImport deviceImport;
    private GarbageCollectionSpec garbage;
    private String collectedAt;

    private TestTailnet(String name) {
        this.name = name;
    }

    public static TestTailnet tailnet(String name) {
        return new TestTailnet(name);
    }

    public TestTailnet in(String value) {
        namespace = value;
        return this;
    }

    public TestTailnet tailscale(String atUrl, String tailnetName) {
        url = atUrl;
        tailnet = tailnetName;
        return this;
    }

    public TestTailnet headscale(String atUrl) {
        url = atUrl;
        headscale = true;
        return this;
    }

    public TestTailnet ca(CaBundle value) {
        ca = value;
        return this;
    }

    public TestTailnet suspended() {
        suspend = true;
        return this;
    }

    public TestTailnet created(String value) {
        created = value;
        return this;
    }

    public TestTailnet deleting() {
        deleted = "2026-06-01T00:00:00Z";
        return this;
    }

    public TestTailnet pollInterval(String value) {
        pollInterval = value;
        return this;
    }

    public TestTailnet policy(TailnetPolicySpec value) {
        policy = value;
        return this;
    }

    public TestTailnet unmanagedRoutes(UnmanagedRoutes value) {
        unmanaged = value;
        return this;
    }

    public TestTailnet mode(Mode value) {
        mode = value;
        return this;
    }

    public TestTailnet workloadIdentity(String clientId, String account) {
        identity = new WorkloadIdentity(clientId, new LocalRef(account));
        return this;
    }

    public TestTailnet webhookSecrets(KeyRef... values) {
        webhookSecrets = List.of(values);
        return this;
    }

    public TestTailnet deviceImport(DeviceImport value) {
        deviceImport = value;
        return this;
    }

    public TestTailnet garbageCollection(GarbageCollectionSpec value) {
        garbage = value;
        return this;
    }

    /** As an earlier process noted it. */
    public TestTailnet collectedAt(String times) {
        collectedAt = times;
        return this;
    }

    public Tailnet build() {
        var secret = new LocalRef("creds");
        var credentials =
                identity == null ? new TailscaleCredentials(secret, null) : new TailscaleCredentials(null, identity);
        var built = new Tailnet();
        built.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace)
                .withUid("uid-" + name)
                .withGeneration(1L)
                .withCreationTimestamp(created)
                .withDeletionTimestamp(deleted)
                .withAnnotations(collectedAt == null ? null : Map.of(ApiGroup.COLLECTED_ANNOTATION, collectedAt))
                .build());
        built.setSpec(new TailnetSpec(
                headscale ? null : new TailscaleControlPlane(tailnet, url, credentials, ca),
                headscale ? new HeadscaleControlPlane(url, new ControlPlaneCredentials(secret), ca) : null,
                pollInterval,
                null,
                deviceImport,
                policy,
                unmanaged == null ? null : new TailnetRoutesSpec(unmanaged),
                mode,
                webhookSecrets.isEmpty() ? null : new WebhookSpec(webhookSecrets),
                garbage,
                suspend));
        return built;
    }
}
