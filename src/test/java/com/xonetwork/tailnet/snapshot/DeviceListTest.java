package com.xonetwork.tailnet.snapshot;

import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestDevice.plain;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.xonetwork.tailnet.controlplane.Device;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeviceListTest {

    private static final Instant THEN = Instant.parse("2026-11-24T10:00:00Z");

    @Test
    void findsByEitherId() {
        var list = of(device("nabc", "web").legacyId("4711").build(), plain("2"));

        assertThat(list.byId("nabc")).map(Device::name).contains("web");
        assertThat(list.byId("4711")).map(Device::name).contains("web");
        assertThat(list.byId("NABC")).isEmpty();
        assertThat(list.byId("3")).isEmpty();
    }

    @Test
    void findsAllThatAnswerToANameWhateverItsCase() {
        var list = of(
                device("1", "web").hostname("WEB").build(),
                device("2", "web-1").hostname("Web").build(),
                device("3", "db").build(),
                device("4", "web").external().build());

        assertThat(list.called("wEb")).extracting(Device::id).containsExactly("1", "2");
        assertThat(list.called("web-1")).extracting(Device::id).containsExactly("2");
        assertThat(list.called("we")).isEmpty();
    }

    @Test
    void aChangeMakesANewListThatIsFoundByItsNewName() {
        var before = of(device("1", "old").build(), plain("2"));
        var after = before.with("1", device -> device.withName("new"));

        assertThat(after.called("new")).hasSize(1);
        assertThat(after.takenAt()).isEqualTo(THEN);
        assertThat(before.called("new"))
                .as("the list that somebody holds stays")
                .isEmpty();
        assertThat(before.with("3", device -> device.withName("x"))).isSameAs(before);
    }

    @Test
    void removesFromEveryIndex() {
        var after = of(device("1", "web").legacyId("4711").build(), plain("2")).without("1");

        assertThat(after.size()).isEqualTo(1);
        assertThat(after.byId("4711")).isEmpty();
        assertThat(after.called("web")).isEmpty();
        assertThat(after.without("7")).isSameAs(after);
    }

    @Test
    void differencesHaveBothFormsOfWhatChanged() {
        var before = of(device("1", "old").build(), plain("2"), plain("3"));
        var after = of(device("1", "new").build(), plain("2"), plain("4"));

        assertThat(DeviceList.differences(before, after))
                .extracting(device -> device.id() + " " + device.name())
                .containsExactlyInAnyOrder("1 new", "1 old", "4 host-4", "3 host-3");
        assertThat(DeviceList.differences(before, before)).isEmpty();
    }

    @Test
    void cannotBeChanged() {
        var devices = of(plain("1")).devices();
        assertThatThrownBy(devices::clear).isInstanceOf(UnsupportedOperationException.class);
    }

    private static DeviceList of(Device... devices) {
        return DeviceList.of(List.copyOf(Stream.of(devices).toList()), THEN);
    }
}
