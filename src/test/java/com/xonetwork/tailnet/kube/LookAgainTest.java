package com.xonetwork.tailnet.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.Tailnet;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LookAgainTest {

    private static UpdateControl<Tailnet> nothing() {
        return UpdateControl.noUpdate();
    }

    @ParameterizedTest
    @CsvSource({"PT-1H,1000", "PT-0.001S,1000", "PT0S,1000", "PT0.5S,1000", "PT30S,30000", "PT999999H,86400000"})
    void whatATimerCannotWaitForBecomesWhatItCan(Duration wait, long millis) {
        assertThat(LookAgain.after(wait, nothing()).getScheduleDelay()).hasValue(millis);
    }

    /** The SDK's timer knows whole milliseconds: what is due a moment later would not be due yet. */
    @Test
    void noLookComesBeforeItsTime() {
        var wait = Duration.ofNanos(3_999_000_001L);
        assertThat(LookAgain.after(wait, nothing()).getScheduleDelay())
                .hasValueSatisfying(
                        millis -> assertThat(Duration.ofMillis(millis)).isGreaterThanOrEqualTo(wait));
    }

    @Test
    void evenTheLongestDurationThereIs() {
        var wait = Duration.between(Instant.MIN, Instant.MAX);

        assertThat(LookAgain.after(wait, nothing()).getScheduleDelay()).hasValue(86_400_000L);
        assertThat(LookAgain.after(wait.negated(), nothing()).getScheduleDelay())
                .hasValue(1_000L);
    }

    @Test
    void noWaitIsNoSecondLook() {
        assertThat(LookAgain.after(Optional.empty(), nothing()).getScheduleDelay())
                .isEmpty();
    }
}
