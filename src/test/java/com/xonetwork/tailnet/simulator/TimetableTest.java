package com.xonetwork.tailnet.simulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** What time brings by itself. */
class TimetableTest {

    private static final Instant START = Instant.parse("2026-06-01T10:00:00Z");

    private final ManualClock clock = new ManualClock(START);

    @Test
    void devicesAppearGoOfflineAndComeBack() throws Exception {
        try (var simulator = new TailnetSimulator(Profile.SAAS, clock).start();
                var api = new Api(simulator, "key")) {
            simulator.addApiKey("key", "all");
            var timetable = simulator.timetable();
            timetable.in(Duration.ofMinutes(2), () -> simulator.offline("n000001CNTRL"));
            timetable.in(Duration.ofMinutes(1), () -> simulator.addDevice(SimDevice.named("late")));
            timetable.in(Duration.ofMinutes(9), () -> simulator.online("n000001CNTRL"));
            assertThat(simulator.devices()).isEmpty();
            clock.advance(Duration.ofMinutes(5));
            var device = api.get("/device/n000001CNTRL").json();
            assertThat(device.path("created").asText()).isEqualTo("2026-06-01T10:01:00Z");
            assertThat(device.path("lastSeen").asText())
                    .as("when it happened, not when somebody looked")
                    .isEqualTo("2026-06-01T10:02:00Z");
            clock.advance(Duration.ofMinutes(4));
            assertThat(simulator.devices().getFirst().connected()).isTrue();
        }
    }

    @Test
    void aKeyThatRanOutIsInThePastAndTheDeviceStaysConnected() throws Exception {
        try (var simulator = new TailnetSimulator(Profile.SAAS, clock).start();
                var api = new Api(simulator, "key")) {
            simulator.addApiKey("key", "all");
            var id = simulator.addDevice(SimDevice.named("web")).nodeId();
            clock.advance(Duration.ofDays(85));
            simulator.addApiKey("fresh", "all");
            clock.advance(Duration.ofDays(89));
            try (var fresh = new Api(simulator, "fresh")) {
                clock.advance(Duration.ofHours(23));
                var device = fresh.get("/device/" + id).json();
                assertThat(Instant.parse(device.path("expires").asText())).isEqualTo(START.plus(Duration.ofDays(180)));
                assertThat(device.path("connectedToControl").asBoolean()).isTrue();
            }
        }
    }

    @Test
    void anEphemeralDeviceGoesAWhileAfterItWasLastSeen() {
        try (var simulator = new TailnetSimulator(Profile.SAAS, clock)) {
            var id = simulator.addDevice(SimDevice.named("job").ephemeral(true)).nodeId();
            clock.advance(Duration.ofDays(1));
            simulator.offline(id);
            clock.advance(Duration.ofMinutes(29));
            assertThat(simulator.device(id)).isPresent();
            clock.advance(Duration.ofMinutes(1));
            assertThat(simulator.device(id)).isEmpty();
        }
    }

    @Test
    void whatFailsDoesNotStopWhatComesLater() {
        try (var simulator = new TailnetSimulator(Profile.SAAS, clock)) {
            simulator.timetable().at(START, () -> simulator.offline("nobody"));
            simulator.timetable().at(START.minusSeconds(1), () -> simulator.addDevice(SimDevice.named("web")));
            assertThat(simulator.devices()).hasSize(1);
        }
    }

    @Test
    void againAndAgain() {
        try (var simulator = new TailnetSimulator(Profile.SAAS, clock)) {
            simulator.timetable().every(Duration.ofMinutes(1), () -> simulator.addDevice(SimDevice.named("web")));
            clock.advance(Duration.ofMinutes(3));
            assertThat(simulator.devices()).extracting(SimDevice::name).containsExactly("web", "web-1", "web-2");
            assertThatThrownBy(() -> simulator.timetable().every(Duration.ZERO, () -> {}))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void inRealTimeNobodyHasToAsk() {
        try (var simulator = new TailnetSimulator().start()) {
            var happened = new AtomicBoolean();
            simulator.timetable().in(Duration.ofMillis(50), () -> happened.set(true));
            await().untilTrue(happened);
        }
    }
}
