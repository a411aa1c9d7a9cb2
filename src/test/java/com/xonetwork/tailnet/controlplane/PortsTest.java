package com.xonetwork.tailnet.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

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
        assertThat(new Ports(Set.of(Capability.DNS), List.of(devices)).capabilities())
                .containsExactly(Capability.DNS);
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

    /** Else nothing would say that a control plane lacks it. */
    @Test
    void everyPortButTheDevicesHasItsCapability() {
        assertThat(Arrays.stream(Port.class.getPermittedSubclasses())
                        .filter(port -> !port.equals(Devices.class))
                        .map(port -> Capability.ofArea(port.asSubclass(Port.class))))
                .isNotEmpty()
                .allMatch(Optional::isPresent);
    }
}
