package com.xonetwork.tailnet.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.AuditLog;
import com.xonetwork.tailnet.controlplane.CallGate;
import com.xonetwork.tailnet.controlplane.CallShares;
import com.xonetwork.tailnet.controlplane.Capability;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Devices;
import com.xonetwork.tailnet.controlplane.FakeControlPlane;
import com.xonetwork.tailnet.controlplane.JoinKeys;
import com.xonetwork.tailnet.controlplane.PolicyFile;
import com.xonetwork.tailnet.controlplane.Port;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Clock;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every call of every port: none after the connection's end, none past the gate, and failures come as they are. */
class ConnectedControlPlaneTest {

    private final FakeControlPlane held = new FakeControlPlane();
    private final AtomicBoolean ended = new AtomicBoolean();
    private final ConnectedControlPlane connected =
            new ConnectedControlPlane(held, new CallGate("net", CallShares.defaults(), Clock.systemUTC()), ended::get);

    static Stream<Method> calls() {
        return Arrays.stream(Port.class.getPermittedSubclasses())
                .flatMap(port -> Arrays.stream(port.getDeclaredMethods()))
                .filter(method -> !Modifier.isStatic(method.getModifiers()) && !method.isSynthetic());
    }

    @ParameterizedTest
    @MethodSource("calls")
    void noCallIsMadeAfterTheEndOfTheConnection(Method call) {
        var port = connected.require(call.getDeclaringClass().asSubclass(Port.class));
        ended.set(true);

        assertThatThrownBy(() -> call.invoke(port, arguments(call)))
                .hasCauseInstanceOf(ControlPlaneException.ConnectionEnded.class);
        assertThat(held.calls()).isEmpty();
    }

    private static Object[] arguments(Method call) {
        return Arrays.stream(call.getParameterTypes())
                .map(type -> type == boolean.class ? Boolean.TRUE : type == String.class ? "1" : null)
                .toArray();
    }

    @Test
    void answersAndFailuresComeAsTheyAre() {
        held.policy("{}");
        assertThat(connected.require(PolicyFile.class).read()).isPresent();
        assertThat(connected.devices().list()).isEmpty();
        connected.devices().delete("7");
        var refused = new ControlPlaneException.Rejected(400, "no");
        held.failing("setTags", refused).failing("joinKeys", refused);

        assertThatThrownBy(() -> connected.devices().setTags("7", Set.of())).isSameAs(refused);
        assertThatThrownBy(() -> connected.require(JoinKeys.class).list()).isSameAs(refused);
        assertThat(held.calls()).containsExactly("policy", "devices", "deleteDevice 7", "setTags 7 []", "joinKeys");
    }

    @Test
    void noCallPassesBesideTheGate() {
        held.failing("devices", new ControlPlaneException.Unavailable(0, "no answer", null));
        for (var i = 0; i < 3; i++) {
            assertThatThrownBy(() -> connected.devices().list()).isInstanceOf(ControlPlaneException.Unavailable.class);
        }

        assertThatThrownBy(() -> connected.require(JoinKeys.class).list())
                .isInstanceOf(ControlPlaneException.RateLimited.class);
        assertThat(held.calls("joinKeys")).isZero();
    }

    @Test
    void anAreaThatIsNotThereHasNoPort() {
        held.capabilities(EnumSet.complementOf(EnumSet.of(Capability.AUDIT_LOG)));

        assertThat(connected.port(AuditLog.class)).isEmpty();
        assertThat(connected.port(Devices.class)).isPresent();
    }

    @Test
    void whatIsNoCallPassesAlways() {
        var devices = connected.devices();
        ended.set(true);

        assertThat(devices.toString()).contains("FakeDevices");
    }
}
