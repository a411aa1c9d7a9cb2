package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.CallGate;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.DeviceRoutes;
import com.xonetwork.tailnet.controlplane.JoinKey;
import com.xonetwork.tailnet.controlplane.JoinKeyRequest;
import com.xonetwork.tailnet.controlplane.PolicyDocument;
import com.xonetwork.tailnet.controlplane.PolicyPrecondition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** A control plane that takes calls only while its connection lasts, and only so many at once. */
final class ConnectedControlPlane implements ControlPlane {

    private final ControlPlane held;
    private final CallGate gate;
    private final BooleanSupplier isEnded;

    ConnectedControlPlane(ControlPlane held, CallGate gate, BooleanSupplier isEnded) {
        this.held = held;
        this.gate = gate;
        this.isEnded = isEnded;
    }

    private <T> T call(Supplier<T> call) {
        if (isEnded.getAsBoolean()) {
            throw new ControlPlaneException.ConnectionEnded();
        }
        return gate.call(call);
    }

    private void run(Runnable call) {
        call(() -> {
            call.run();
            return true;
        });
    }

    @Override
    public Set<Capability> capabilities() {
        return held.capabilities();
    }

    @Override
    public Optional<ClockSkew> clockSkew() {
        return held.clockSkew();
    }

    @Override
    public Set<Capability> detectCapabilities() {
        return call(held::detectCapabilities);
    }

    @Override
    public List<Device> devices() {
        return call(held::devices);
    }

    @Override
    public void setTags(String deviceId, Set<String> tags) {
        run(() -> held.setTags(deviceId, tags));
    }

    @Override
    public void setName(String deviceId, String name) {
        run(() -> held.setName(deviceId, name));
    }

    @Override
    public void setAuthorized(String deviceId, boolean authorized) {
        run(() -> held.setAuthorized(deviceId, authorized));
    }

    @Override
    public void setKeyExpiryDisabled(String deviceId, boolean disabled) {
        run(() -> held.setKeyExpiryDisabled(deviceId, disabled));
    }

    @Override
    public DeviceRoutes routes(String deviceId) {
        return call(() -> held.routes(deviceId));
    }

    @Override
    public DeviceRoutes setEnabledRoutes(String deviceId, Set<String> routes) {
        return call(() -> held.setEnabledRoutes(deviceId, routes));
    }

    @Override
    public Optional<String> lastEditor(String deviceId, Instant since, Instant until) {
        return call(() -> held.lastEditor(deviceId, since, until));
    }

    @Override
    public void deleteDevice(String deviceId) {
        run(() -> held.deleteDevice(deviceId));
    }

    @Override
    public JoinKey createJoinKey(JoinKeyRequest request) {
        return call(() -> held.createJoinKey(request));
    }

    @Override
    public List<JoinKey> joinKeys() {
        return call(held::joinKeys);
    }

    @Override
    public void revokeJoinKey(String keyId) {
        run(() -> held.revokeJoinKey(keyId));
    }

    @Override
    public Optional<PolicyDocument> policy() {
        return call(held::policy);
    }

    @Override
    public List<String> validatePolicy(String hujson) {
        return call(() -> held.validatePolicy(hujson));
    }

    @Override
    public PolicyDocument publishPolicy(String hujson, PolicyPrecondition precondition) {
        return call(() -> held.publishPolicy(hujson, precondition));
    }

    /** The connection is ended by the poller that made it, not by who uses it. */
    @Override
    public void close() {
        throw new UnsupportedOperationException("a connection is ended by its poller");
    }

    @Override
    public String toString() {
        return held.toString();
    }
}
