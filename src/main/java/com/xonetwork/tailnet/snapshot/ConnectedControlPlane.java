package com.xonetwork.tailnet.snapshot;

import com.xonetwork.tailnet.controlplane.CallGate;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ClockSkew;
import com.xonetwork.tailnet.controlplane.ControlPlane;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Port;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A control plane that takes calls only while its connection lasts, and only so many at once. That holds for every method of every
 * port, so it is done for all ports in one place: a port that is added cannot be forgotten here.
 */
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

    @Override
    public <P extends Port> Optional<P> port(Class<P> port) {
        return held.port(port)
                .map(target -> port.cast(Proxy.newProxyInstance(
                        port.getClassLoader(),
                        new Class<?>[] {port},
                        (proxy, method, arguments) -> (method.getDeclaringClass() == Object.class
                                        ? invoke(target, method, arguments)
                                        : call(() -> invoke(target, method, arguments)))
                                .value())));
    }

    /** @param value null where the method returns nothing */
    private record Returned(@Nullable Object value) {}

    /** Ports declare no checked exceptions. */
    private static Returned invoke(Port target, Method method, Object @Nullable [] arguments) {
        try {
            return new Returned(method.invoke(target, arguments));
        } catch (InvocationTargetException e) {
            throw switch (e.getCause()) {
                case RuntimeException cause -> cause;
                case Error cause -> throw cause;
                case null, default -> new IllegalStateException(e);
            };
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
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
