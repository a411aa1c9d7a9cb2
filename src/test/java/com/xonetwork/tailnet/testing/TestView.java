package com.xonetwork.tailnet.testing;

import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DocumentKind;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.snapshot.ClockReading;
import com.xonetwork.tailnet.snapshot.DeviceList;
import com.xonetwork.tailnet.snapshot.Documents;
import com.xonetwork.tailnet.snapshot.Observed;
import com.xonetwork.tailnet.snapshot.TailnetView;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Builds a {@link TailnetView}: fresh, of a control plane that can everything, with a policy never set. */
public final class TestView {

    public static final Instant TAKEN_AT = Instant.parse("2026-11-24T10:00:00Z");

    private Freshness freshness = Freshness.FRESH;
    private DeviceList devices;
    private ControlPlaneException trouble;
    private Integer suspectSize;
    private Set<Capability> capabilities = EnumSet.allOf(Capability.class);
    private boolean policyRead = true;
    private PolicyDocument policy;
    private ControlPlaneException policyTrouble;
    private Documents documents = Documents.NONE;
    private long goodPolls = 20;
    private ClockReading clock = new ClockReading(Duration.ZERO);
    private final Map<String, Long> lastSeenInPoll = new HashMap<>();

    private TestView(DeviceList devices) {
        this.devices = devices;
    }

    public static TestView of(Device... devices) {
        return of(List.of(devices));
    }

    public static TestView of(List<Device> devices) {
        return new TestView(DeviceList.of(devices, TAKEN_AT));
    }

    /** Nothing known at all. */
    public static TestView empty(Freshness freshness) {
        var view = new TestView(null);
        view.freshness = freshness;
        view.capabilities = Set.of();
        view.policyRead = false;
        view.goodPolls = 0;
        view.clock = null;
        return view;
    }

    public TestView freshness(Freshness value) {
        freshness = value;
        return this;
    }

    public TestView trouble(ControlPlaneException value) {
        trouble = value;
        return this;
    }

    public TestView suspect(int size) {
        suspectSize = size;
        return this;
    }

    public TestView without(Capability... values) {
        capabilities = EnumSet.copyOf(capabilities);
        List.of(values).forEach(capabilities::remove);
        return this;
    }

    public TestView capabilitiesUnknown() {
        capabilities = Set.of();
        return this;
    }

    public TestView policy(String text, String etag) {
        policy = new PolicyDocument(text, etag);
        return this;
    }

    public TestView policyUnread() {
        policyRead = false;
        return this;
    }

    public TestView policyTrouble(ControlPlaneException value) {
        policyTrouble = value;
        return this;
    }

    /** As it was read; a policy has methods of its own. */
    public <T> TestView document(DocumentKind<T> kind, T document) {
        documents = documents.with(kind, new Observed<>(true, document, null));
        return this;
    }

    /** @param ahead of this machine's clock; null while it is not known */
    public TestView clockAhead(Duration ahead) {
        clock = ahead == null ? null : new ClockReading(ahead);
        return this;
    }

    public TestView goodPolls(long value) {
        goodPolls = value;
        return this;
    }

    /** The device was last listed so many good polls ago. */
    public TestView missingFor(String deviceId, long polls) {
        lastSeenInPoll.put(deviceId, goodPolls - polls);
        return this;
    }

    public TailnetView build() {
        if (devices != null) {
            devices.devices().forEach(device -> lastSeenInPoll.put(device.id(), goodPolls));
        }
        return new TailnetView(
                freshness,
                devices,
                trouble,
                suspectSize,
                capabilities,
                documents.with(DocumentKind.POLICY, new Observed<>(policyRead, policy, policyTrouble)),
                goodPolls,
                Map.copyOf(lastSeenInPoll),
                1,
                null,
                freshness == TailnetView.Freshness.FRESH,
                clock);
    }
}
