package com.xonetwork.tailnet.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DeviceTest {

    private static final RecordComponent[] COMPONENTS = Device.class.getRecordComponents();

    static Stream<RecordComponent> components() {
        return Arrays.stream(COMPONENTS);
    }

    /** A field that is added later and forgotten in the comparison would never wake anybody. */
    @ParameterizedTest
    @MethodSource("components")
    void everyFieldButLastSeenIsPartOfTheObservation(RecordComponent changed) throws ReflectiveOperationException {
        var device = device(null);
        var other = device(changed);

        assertThat(device.equals(other)).isFalse();
        assertThat(device.sameObservation(other)).isEqualTo(changed.getName().equals("lastSeen"));
    }

    private static Device device(RecordComponent changed) throws ReflectiveOperationException {
        var types = Arrays.stream(COMPONENTS).map(RecordComponent::getType).toArray(Class<?>[]::new);
        var values = Arrays.stream(COMPONENTS)
                .map(component -> value(component.getType(), component.equals(changed) ? "changed" : "first"))
                .toArray();
        return Device.class.getDeclaredConstructor(types).newInstance(values);
    }

    private static Object value(Class<?> type, String text) {
        var isChanged = text.equals("changed");
        if (type == boolean.class) {
            return isChanged;
        }
        if (type == Instant.class) {
            return Instant.ofEpochSecond(isChanged ? 2 : 1);
        }
        if (type == List.class) {
            return List.of(text);
        }
        if (type == SortedSet.class) {
            return new TreeSet<>(List.of(text));
        }
        return text;
    }
}
