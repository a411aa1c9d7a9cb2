package com.xonetwork.tailnet.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class JoinKeyMarkTest {

    private static final String MINE = "xo 0b7b4e32-6a5c-4f0e-9d3f-5d7a3c1b2a10";
    private static final String OTHER = "xo 0b7b4e32-6a5c-4f0e-9d3f-5d7a3c1b2a11";
    private static final Instant LATEST = Instant.parse("2026-11-24T11:00:00Z");

    @Test
    void aDescriptionIsTheMark() {
        assertThat(JoinKeyMark.isOn(key(MINE, LATEST), MINE)).isTrue();
        assertThat(JoinKeyMark.isOn(key(OTHER, LATEST), MINE)).isFalse();
        assertThat(JoinKeyMark.isOn(key("by hand", JoinKeyMark.expiry(MINE, LATEST)), MINE))
                .as("where there are descriptions, the expiry says nothing")
                .isFalse();
    }

    @Test
    void withoutDescriptionsTheExpiryIs() {
        assertThat(JoinKeyMark.isOn(key("", JoinKeyMark.expiry(MINE, LATEST)), MINE))
                .isTrue();
        assertThat(JoinKeyMark.isOn(key("", JoinKeyMark.expiry(OTHER, LATEST)), MINE))
                .isFalse();
        assertThat(JoinKeyMark.isOn(key("", LATEST), MINE)).isFalse();
        assertThat(JoinKeyMark.isOn(key("", JoinKeyMark.expiry(MINE, LATEST).plusNanos(1)), MINE))
                .as("a command line's key has a random place below the microsecond")
                .isFalse();
        assertThat(JoinKeyMark.isOn(key("", null), MINE)).isFalse();
    }

    @Test
    void noMarkIsOnNoKey() {
        assertThat(JoinKeyMark.isOn(key("", JoinKeyMark.expiry("", LATEST)), ""))
                .isFalse();
        assertThat(JoinKeyMark.expiry("", LATEST.plusMillis(5))).isEqualTo(LATEST);
    }

    /** A key must never live longer than asked for, and not much shorter. */
    @Property
    void theMarkedExpiryIsWithinFiveMinutesBefore(
            @ForAll String mark, @ForAll @LongRange(min = 0, max = 4_000_000_000_000_000L) long micros) {
        var latest = Instant.EPOCH.plusNanos(micros * 1000);
        var marked = JoinKeyMark.expiry(mark, latest);

        assertThat(marked).isBeforeOrEqualTo(latest).isAfter(latest.minus(Duration.ofMinutes(5)));
        assertThat(mark.isEmpty() || JoinKeyMark.isOn(key("", marked), mark)).isTrue();
    }

    private static JoinKey key(String description, Instant expires) {
        return new JoinKey("1", null, description, new TreeSet<>(), expires, true);
    }
}
