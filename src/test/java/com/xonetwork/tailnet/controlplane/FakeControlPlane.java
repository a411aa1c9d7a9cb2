package com.xonetwork.tailnet.controlplane;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/**
 * A control plane in memory, for tests of what stands on the port. Keeps a ledger of calls; an operation can be told to fail
 * until told otherwise. Knows one rule of the real ones: a policy is written only under its precondition.
 */
public class FakeControlPlane implements ControlPlane {

    private final Map<String, Device> devices = new LinkedHashMap<>();
    private final Map<String, RuntimeException> failures = new ConcurrentHashMap<>();
    private final Map<String, Runnable> hooks = new ConcurrentHashMap<>();
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, JoinKey> keys = new LinkedHashMap<>();
    private Set<Capability> capabilities = EnumSet.allOf(Capability.class);
    private List<String> policyProblems = List.of();
    private PolicyDocument policy;
    private boolean policyIsDefault;
    private int revision;
    private int keysMade;
    private Clock clock = Clock.systemUTC();
    private ClockSkew skew;
    private volatile boolean closed;

    public synchronized FakeControlPlane with(Device... more) {
        List.of(more).forEach(device -> devices.put(device.id(), device));
        return this;
    }

    public synchronized FakeControlPlane without(String deviceId) {
        devices.remove(deviceId);
        return this;
    }

    public synchronized FakeControlPlane capabilities(Set<Capability> values) {
        capabilities = Set.copyOf(values);
        return this;
    }

    public synchronized FakeControlPlane policy(String text) {
        policy = new PolicyDocument(text, "etag-" + ++revision);
        policyIsDefault = false;
        return this;
    }

    /** The policy is there, but only because every tailnet starts with one: it may be replaced as one that was never set. */
    public synchronized FakeControlPlane defaultPolicy(String text) {
        policy(text);
        policyIsDefault = true;
        return this;
    }

    /** What comparing the clocks came to; null for nothing. */
    public synchronized FakeControlPlane skew(ClockSkew measured) {
        skew = measured;
        return this;
    }

    @Override
    public synchronized Optional<ClockSkew> clockSkew() {
        return Optional.ofNullable(skew);
    }

    /** When keys are made and end. */
    public synchronized FakeControlPlane at(Clock value) {
        clock = value;
        return this;
    }

    public synchronized FakeControlPlane policyProblems(String... problems) {
        policyProblems = List.of(problems);
        return this;
    }

    /** Lets every call of an operation fail, by its name in the ledger. */
    public FakeControlPlane failing(String operation, RuntimeException failure) {
        failures.put(operation, failure);
        return this;
    }

    public FakeControlPlane recovered(String operation) {
        failures.remove(operation);
        return this;
    }

    /** Runs something during every call of an operation, before it answers or fails. */
    public FakeControlPlane during(String operation, Runnable hook) {
        hooks.put(operation, hook);
        return this;
    }

    /** Every call so far: the operation's name and its arguments. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    public long calls(String operation) {
        return calls.stream()
                .filter(call -> call.split(" ", 2)[0].equals(operation))
                .count();
    }

    public boolean isClosed() {
        return closed;
    }

    public synchronized Optional<Device> device(String id) {
        return Optional.ofNullable(devices.get(id));
    }

    /** An area is offered when its capability is there. */
    @Override
    public <P extends Port> Optional<P> port(Class<P> port) {
        var isThere = Capability.ofArea(port).map(capabilities()::contains).orElse(true);
        return new Ports(Set.of(), List.of(new FakeDevices(), new FakeJoinKeys(), policyFile(), new FakeAuditLog()))
                .find(port)
                .filter(found -> isThere);
    }

    public PolicyFile policyFile() {
        return new FakePolicyFile();
    }

    @Override
    public synchronized Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public synchronized Set<Capability> detectCapabilities() {
        called("detectCapabilities");
        return capabilities;
    }

    private final class FakeDevices implements Devices {

        @Override
        public List<Device> list(ListIntake intake) {
            synchronized (FakeControlPlane.this) {
                called("devices");
                var all = List.copyOf(devices.values());
                all.forEach(intake::device);
                return all;
            }
        }

        @Override
        public void setTags(String deviceId, Set<String> tags) {
            called("setTags", deviceId, new TreeSet<>(tags));
            change(deviceId, device -> device.withTags(new TreeSet<>(tags)));
        }

        @Override
        public void setName(String deviceId, String name) {
            called("setName", deviceId, name);
            change(deviceId, device -> device.withName(name));
        }

        @Override
        public void setAuthorized(String deviceId, boolean authorized) {
            called("setAuthorized", deviceId, authorized);
            change(deviceId, device -> device.withAuthorized(authorized));
        }

        @Override
        public void setKeyExpiryDisabled(String deviceId, boolean disabled) {
            called("setKeyExpiryDisabled", deviceId, disabled);
            change(deviceId, device -> device.withKeyExpiryDisabled(disabled));
        }

        @Override
        public DeviceRoutes setEnabledRoutes(String deviceId, Set<String> routes) {
            called("setEnabledRoutes", deviceId, new TreeSet<>(routes));
            change(deviceId, device -> device.withEnabledRoutes(new TreeSet<>(routes)));
            var device = existing(deviceId);
            return new DeviceRoutes(device.advertisedRoutes(), device.enabledRoutes());
        }

        @Override
        public void delete(String deviceId) {
            synchronized (FakeControlPlane.this) {
                called("deleteDevice", deviceId);
                devices.remove(deviceId);
            }
        }
    }

    private final class FakeJoinKeys implements JoinKeys {

        @Override
        public JoinKey create(JoinKeyRequest request) {
            synchronized (FakeControlPlane.this) {
                called("createJoinKey", request.description());
                var id = "key-" + ++keysMade;
                var expires = clock.instant().plus(request.validFor());
                var key = new JoinKey(id, "secret-of-" + id, request.description(), request.tags(), expires, true);
                keys.put(id, new JoinKey(id, null, key.description(), key.tags(), expires, true));
                return key;
            }
        }

        @Override
        public List<JoinKey> list() {
            synchronized (FakeControlPlane.this) {
                called("joinKeys");
                return keys.values().stream()
                        .map(key -> key.expires().isAfter(clock.instant()) ? key : unusable(key))
                        .toList();
            }
        }

        @Override
        public void revoke(String keyId) {
            synchronized (FakeControlPlane.this) {
                called("revokeJoinKey", keyId);
                keys.computeIfPresent(keyId, (id, key) -> unusable(key));
            }
        }
    }

    private final class FakePolicyFile implements PolicyFile {

        @Override
        public Optional<PolicyDocument> read() {
            synchronized (FakeControlPlane.this) {
                called("policy");
                return Optional.ofNullable(policy);
            }
        }

        @Override
        public List<String> validate(String hujson) {
            synchronized (FakeControlPlane.this) {
                called("validatePolicy");
                return policyProblems;
            }
        }

        @Override
        public PolicyDocument publish(String hujson, PolicyPrecondition precondition) {
            synchronized (FakeControlPlane.this) {
                called("publishPolicy", precondition);
                var holds = switch (precondition) {
                    case PolicyPrecondition.NeverSet never -> policy == null || policyIsDefault;
                    case PolicyPrecondition.Matches matches ->
                        policy != null && matches.etag().equals(policy.etag());
                };
                if (!holds) {
                    throw new ControlPlaneException.Conflict(412, "precondition failed, invalid old hash");
                }
                policy(hujson);
                return policy;
            }
        }
    }

    private final class FakeAuditLog implements AuditLog {

        @Override
        public Optional<String> lastEditor(String deviceId, Instant since, Instant until) {
            called("lastEditor", deviceId);
            return Optional.of("lion@example.com (USER) through ADMIN_CONSOLE");
        }
    }

    private static JoinKey unusable(JoinKey key) {
        return new JoinKey(key.id(), null, key.description(), key.tags(), key.expires(), false);
    }

    /** Ids of the keys that a machine could join with now; no call of the operator's. */
    public synchronized List<String> liveKeys() {
        return keys.values().stream()
                .filter(JoinKey::usable)
                .filter(key -> key.expires().isAfter(clock.instant()))
                .map(JoinKey::id)
                .toList();
    }

    /** A machine joins with the key, or a human revokes it. */
    public synchronized void useUp(String keyId) {
        keys.computeIfPresent(keyId, (id, key) -> unusable(key));
    }

    @Override
    public void close() {
        closed = true;
    }

    private void called(String operation, Object... arguments) {
        var words = new ArrayList<>(List.of(operation));
        List.of(arguments).forEach(argument -> words.add(argument.toString()));
        calls.add(String.join(" ", words));
        hooks.getOrDefault(operation, () -> {}).run();
        var failure = failures.get(operation);
        if (failure != null) {
            throw failure;
        }
    }

    private synchronized void change(String deviceId, UnaryOperator<Device> change) {
        devices.put(deviceId, change.apply(existing(deviceId)));
    }

    private synchronized Device existing(String deviceId) {
        return device(deviceId)
                .orElseThrow(() -> new ControlPlaneException.NotFound(404, "no device with the id " + deviceId));
    }
}
