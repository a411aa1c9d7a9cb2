package com.xonetwork.tailnet.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.simulator.ManualClock;
import com.xonetwork.tailnet.snapshot.TailnetKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollHintsTest {

    private static final TailnetKey HOME = new TailnetKey("net", "home");
    private static final TailnetKey OFFICE = new TailnetKey("net", "office");
    private static final Duration SPACING = Duration.ofSeconds(5);

    private record Later(Duration delay, Runnable task) {}

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));
    private final List<String> polls = new ArrayList<>();
    private final List<Later> later = new ArrayList<>();
    private final PollHints hints = new PollHints(
            (tailnet, policyToo) -> polls.add(tailnet.name() + (policyToo ? " with policy" : "")),
            clock,
            SPACING,
            (delay, task) -> later.add(new Later(delay, task)));

    private void letTimePass() {
        var next = later.removeFirst();
        clock.advance(next.delay());
        next.task().run();
    }

    @Test
    void theFirstHintPollsAtOnce() {
        hints.hint(HOME, false);

        assertThat(polls).containsExactly("home");
        assertThat(later).isEmpty();
    }

    @Test
    void aStormOfHintsIsOnePollNowAndOneAfterTheSpacing() {
        for (int hint = 0; hint < 1000; hint++) {
            hints.hint(HOME, hint == 500);
        }
        assertThat(polls).containsExactly("home");
        assertThat(later).hasSize(1);
        assertThat(later.getFirst().delay()).isEqualTo(SPACING);

        letTimePass();
        assertThat(polls).containsExactly("home", "home with policy");
        hints.hint(HOME, false);
        letTimePass();
        assertThat(polls).containsExactly("home", "home with policy", "home");
        assertThat(later).isEmpty();
    }

    @Test
    void whoWaitedLongEnoughIsNotHeldBack() {
        hints.hint(HOME, true);
        clock.advance(SPACING);
        hints.hint(HOME, false);

        assertThat(polls).containsExactly("home with policy", "home");
    }

    @Test
    void tailnetsDoNotWaitForEachOther() {
        hints.hint(HOME, false);
        hints.hint(OFFICE, false);

        assertThat(polls).containsExactly("home", "office");
    }

    @Test
    void aClockThatWasSetBackHoldsNobodyForLong() {
        hints.hint(HOME, false);
        clock.advance(Duration.ofHours(-3));
        hints.hint(HOME, false);

        assertThat(later.getFirst().delay()).isEqualTo(SPACING);
    }

    @Test
    void aTailnetThatIsForgottenIsNotPolled() {
        hints.hint(HOME, false);
        hints.hint(HOME, false);
        hints.forget(HOME);
        letTimePass();

        assertThat(polls).containsExactly("home");
    }
}
