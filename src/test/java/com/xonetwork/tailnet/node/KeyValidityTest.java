package com.xonetwork.tailnet.node;

import static com.xonetwork.tailnet.node.Planning.NOW;
import static com.xonetwork.tailnet.status.ConditionType.KEY_VALID;
import static com.xonetwork.tailnet.testing.TestDevice.device;
import static com.xonetwork.tailnet.testing.TestNode.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.TailnetNode;
import com.xonetwork.tailnet.observability.EventRecorder;
import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.TailnetView.Freshness;
import com.xonetwork.tailnet.status.ConditionType;
import com.xonetwork.tailnet.testing.FakeEvents;
import com.xonetwork.tailnet.testing.TestDevice;
import com.xonetwork.tailnet.testing.TestView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Until when a node key is good, and who is told when it no longer is. */
class KeyValidityTest {

    @ParameterizedTest
    @CsvSource({
        // time left, condition, threshold passed, looked at again after
        "-PT1S, False/KeyExpired, expired, ",
        "PT0S, False/KeyExpired, expired, ",
        "PT1S, True/ExpiresSoon, 1 day, PT2S",
        "PT24H, True/ExpiresSoon, 1 day, PT24H1S",
        "PT24H1S, True/ExpiresSoon, 7 days, PT2S",
        "P7D, True/ExpiresSoon, 7 days, PT144H1S",
        "P14D, True/ExpiresSoon, 14 days, PT168H1S",
        "PT336H1S, True/Valid, , PT2S",
        "P180D, True/Valid, , PT3984H1S",
    })
    void thresholds(Duration left, String said, String notice, Duration again) {
        var expires = NOW.plus(left);
        var validity = KeyValidity.of(device("1", "web-1").expires(expires).build(), NOW);

        assertThat(validity.fact().status() + "/" + validity.fact().reason()).isEqualTo(said);
        assertThat(validity.fact().message()).contains(expires.toString());
        assertThat(validity.notice().map(KeyValidity.Notice::toString).orElse(null))
                .isEqualTo(notice);
        assertThat(validity.lookAgain().orElse(null)).isEqualTo(again);
    }

    @Test
    void saysWhatToDo() {
        assertThat(message(device("1", "web-1").expires(NOW.minusSeconds(1)))).contains("--force-reauth");
        assertThat(message(device("1", "web-1").expires(NOW.plusSeconds(1))))
                .contains("--force-reauth", "keyExpiry: Disabled");
    }

    /** The text may change at the thresholds only: anything else is a write per node and poll. */
    @Test
    void saysTheSameBetweenThresholds() {
        var soon = device("1", "web-1").expires(NOW.plus(Duration.ofDays(5))).build();

        assertThat(KeyValidity.of(soon, NOW.plus(Duration.ofDays(3))).fact())
                .isEqualTo(KeyValidity.of(soon, NOW).fact());
    }

    @Test
    void aKeyThatNeverExpiresHasNoDate() {
        var never = KeyValidity.of(
                device("1", "web-1")
                        .keyNeverExpires()
                        .expires(NOW.minusSeconds(1))
                        .build(),
                NOW);
        var unknown = KeyValidity.of(device("1", "web-1").build(), NOW);

        assertThat(never.fact().status() + "/" + never.fact().reason()).isEqualTo("True/ExpiryDisabled");
        assertThat(never.lookAgain()).isEmpty();
        assertThat(unknown.fact().status() + "/" + unknown.fact().reason()).isEqualTo("True/Valid");
        assertThat(unknown.notice()).isEmpty();
    }

    /** After {@code tailscale logout} Headscale shows the moment as the key's end, and the machine as connected. */
    @Test
    void aMachineThatLoggedOutIsNotOnline() {
        var answer = Planning.of(node("web-1"))
                .on(device("1", "web-1").expires(NOW.minusSeconds(2)).build())
                .plan();

        assertThat(answer.said(KEY_VALID)).isEqualTo("False/KeyExpired");
        assertThat(answer.said(ConditionType.ONLINE)).isEqualTo("False/KeyExpired");
        assertThat(answer.message(KEY_VALID)).contains("logged out");
    }

    @Test
    void withoutADeviceNothingIsKnownOfItsKey() {
        assertThat(Planning.of(node("web-1")).on(TestView.of()).plan().said(KEY_VALID))
                .isEqualTo("Unknown/DeviceNotFound");
    }

    // Notices

    private final FakeEvents events = new FakeEvents();
    private final EventRecorder recorder = new EventRecorder(events.client(), new ManualClock(NOW));
    private final TailnetNode web = node("web-1").build();

    @Test
    void eachThresholdIsToldOnceWhateverHappensInBetween() {
        var expires = NOW.plus(Duration.ofDays(20));
        for (var day = 0; day <= 22; day++) {
            see(expires, NOW.plus(Duration.ofDays(day)));
            // A restart finds the status as it is; an outage and its end change it and change it back.
            outage(NOW.plus(Duration.ofDays(day)));
            see(expires, NOW.plus(Duration.ofDays(day)));
        }

        assertThat(events.reasons()).containsExactly("ExpiresSoon", "ExpiresSoon", "ExpiresSoon", "KeyExpired");
        assertThat(events.messages().get(0)).contains("within 14 days", expires.toString());
        assertThat(events.messages().get(1)).contains("within 7 days");
        assertThat(events.messages().get(2)).contains("within 1 day");
        assertThat(events.written())
                .allSatisfy(event -> assertThat(event.getType()).isEqualTo("Warning"));
    }

    @Test
    void aNewDateIsNewsAndAFarOneIsNot() {
        see(NOW.plus(Duration.ofDays(3)), NOW);
        see(NOW.plus(Duration.ofDays(90)), NOW);
        see(NOW.plus(Duration.ofDays(4)), NOW);

        assertThat(events.reasons()).containsExactly("ExpiresSoon", "ExpiresSoon");
    }

    /** Killed between the Event and the status, it writes the Event again: under the same name, which is taken. */
    @Test
    void theSameOccasionIsToldOnce() {
        var before = web.getStatus();
        see(NOW.plus(Duration.ofDays(3)), NOW);
        web.setStatus(before);
        see(NOW.plus(Duration.ofDays(3)), NOW);
        see(NOW.plus(Duration.ofDays(3)), NOW.plus(Duration.ofDays(3)));

        assertThat(events.reasons()).containsExactly("ExpiresSoon", "KeyExpired");
    }

    @Test
    void theEndIsToldOfTheKeyAndNotOnceMoreOfOnline() {
        var told = new ArrayList<>(List.of(ConditionType.JOINED, ConditionType.ONLINE));
        see(NOW.plusSeconds(1), NOW);
        assertThat(KeyNotices.without(Set.copyOf(told), web.getStatus())).containsExactlyInAnyOrderElementsOf(told);
        see(NOW.plusSeconds(1), NOW.plusSeconds(1));
        assertThat(KeyNotices.without(Set.copyOf(told), web.getStatus())).containsExactly(ConditionType.JOINED);
    }

    private void see(Instant expires, Instant now) {
        show(TestView.of(device("1", "web-1").expires(expires).build()), now);
    }

    private void outage(Instant now) {
        show(TestView.of(TestDevice.plain("1")).freshness(Freshness.STALE), now);
    }

    private void show(TestView view, Instant now) {
        var outcome = Planning.of(node("web-1")).on(view).at(now).outcome();
        var status = NodeStatuses.of(web, outcome, now);
        KeyNotices.tell(recorder, web, web.getStatus(), status);
        web.setStatus(status);
    }

    private static String message(TestDevice device) {
        return KeyValidity.of(device.build(), NOW).fact().message();
    }
}
