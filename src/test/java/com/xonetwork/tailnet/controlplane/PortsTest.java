package com.xonetwork.tailnet.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a control plane is said to be able to do follows from the ports that its adapter offers. */
class PortsTest {

    private final FakeControlPlane all = new FakeControlPlane();
    private final Devices devices = all.devices();
    private final PolicyFile policyFile = all.require(PolicyFile.class);

    @Test
    void anAreaIsThereWhenItsPortIsOffered() {
        assertThat(new Ports(Set.of(), List.of(devices)).capabilities()).isEmpty();
        assertThat(new Ports(Set.of(), List.of(devices, policyFile)).capabilities())
                .containsExactly(Capability.POLICY);
    }

    @Test
    void anAreaThatDetectionFoundIsNotThereWithoutItsPort() {
        var found = EnumSet.allOf(Capability.class);
        assertThat(new Ports(found, List.of(devices)).capabilities())
                .contains(Capability.DEVICE_TAGS, Capability.KEY_EXPIRY_ENABLE)
                .doesNotContain(
                        Capability.JOIN_KEYS,
                        Capability.AUDIT_LOG,
                        Capability.POLICY,
                        Capability.POLICY_VALIDATE,
                        Capability.POLICY_ATOMIC_WRITE);
    }

    @Test
    void whatAPortCanDoBesidesIsThereWhenItWasFound() {
        assertThat(new Ports(Set.of(Capability.POLICY_VALIDATE), List.of(devices, policyFile)).capabilities())
                .containsExactly(Capability.POLICY, Capability.POLICY_VALIDATE);
    }

    /** It shows in the Tailnet's status, and nothing can be asked of it. */
    @Test
    void anAreaWithoutAPortIsThereWhenItWasFound() {
        for (var area : Capability.values()) {
            if (area.port().isEmpty()) {
                assertThat(new Ports(Set.of(area), List.of(devices)).capabilities())
                        .containsExactly(area);
            }
        }
    }

    @Test
    void aPortThatIsNotOfferedIsRefusedByTheNameOfItsArea() {
        var plane = new FakeControlPlane().capabilities(Set.of(Capability.DEVICE_TAGS));

        assertThat(plane.port(PolicyFile.class)).isEmpty();
        assertThatThrownBy(() -> plane.require(PolicyFile.class))
                .isInstanceOfSatisfying(
                        ControlPlaneException.NotSupported.class,
                        refused -> assertThat(refused.capability()).isEqualTo(Capability.POLICY));
        assertThat(plane.devices()).isNotNull();
        assertThat(plane.calls()).isEmpty();
    }

    /** Else what needs it is tested only without it. */
    @ParameterizedTest
    @MethodSource("ports")
    void theFakeOffersEachPort(Class<? extends Port> port) {
        assertThat(all.port(port))
                .as("FakeControlPlane, which stands in tests for a service that has all areas, has no %s", port)
                .isPresent();
    }

    /** Else nothing would say that a control plane lacks it. */
    @Test
    void everyPortButTheDevicesHasItsCapability() {
        assertThat(ports().filter(port -> !port.equals(Devices.class)))
                .as("ports, each with its capability in Capability: NAME(Port.class, true)")
                .isNotEmpty()
                .allMatch(port -> Capability.ofArea(port).isPresent());
    }

    static Stream<Class<? extends Port>> ports() {
        return Arrays.stream(Port.class.getPermittedSubclasses()).map(port -> port.asSubclass(Port.class));
    }
}
