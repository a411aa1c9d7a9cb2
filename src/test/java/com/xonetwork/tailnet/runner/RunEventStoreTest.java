package com.xonetwork.tailnet.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.simulator.ManualClock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunEventStoreTest {

    private static final AttemptKey RUN = new AttemptKey("net", "0b1c2d3e-0000-4000-8000-000000000001", 1);
    private static final AttemptKey OTHER = new AttemptKey("net", "0b1c2d3e-0000-4000-8000-000000000002", 1);
    private static final AttemptKey THIRD = new AttemptKey("net", "0b1c2d3e-0000-4000-8000-000000000003", 1);
    private static final RunEventStore.Limits LIMITS = new RunEventStore.Limits(50, 4_000, 6_000, Duration.ofDays(7));

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));

    private RunEventStore store() {
        return new RunEventStore(directory, LIMITS, clock);
    }

    private Path file(AttemptKey attempt) {
        return directory.resolve("net_" + attempt.runUid() + "_1.jsonl");
    }

    private static RunEvent event(long counter, String type, String host, String text) {
        return new RunEvent(counter, "2026-11-24T10:00:00.000Z", type, host, "task", null, null, text, null, null);
    }

    private static List<RunEvent> lines(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(counter -> event(counter, "output", null, "line " + counter + " ä"))
                .toList();
    }

    @Test
    void keepsWhatFollowsAndDropsWhatIsThere() {
        var store = store();
        assertThat(store.append(RUN, lines(1, 3))).isEqualTo(3);
        assertThat(store.append(RUN, lines(2, 5))).isEqualTo(5);
        assertThat(store.append(RUN, lines(7, 9))).as("a gap is not kept").isEqualTo(5);
        assertThat(store.append(OTHER, lines(2, 2))).isZero();

        assertThat(store.after(RUN, 3, 10)).isEqualTo(lines(4, 5));
        assertThat(store.after(RUN, 0, 2)).isEqualTo(lines(1, 2));
        assertThat(store.after(RUN, 5, 10)).isEmpty();
        assertThat(store.after(RUN, 99, 10)).isEmpty();
        assertThat(store.progress(RUN).received()).isEqualTo(5);
    }

    /** A process that is killed while it writes leaves half a line. */
    @Test
    void anotherProcessGoesOnAfterTheLastWholeLine() throws IOException {
        try (var store = store()) {
            store.append(RUN, lines(1, 3));
        }
        Files.writeString(file(RUN), "{\"counter\":4,\"type\":\"ou", StandardOpenOption.APPEND);

        var next = store();
        assertThat(next.progress(RUN).lastCounter()).isEqualTo(3);
        assertThat(next.append(RUN, lines(4, 4))).isEqualTo(4);
        assertThat(next.after(RUN, 0, 10)).isEqualTo(lines(1, 4));
        assertThat(store().after(RUN, 0, 10)).isEqualTo(lines(1, 4));
    }

    @Test
    void aFullAttemptKeepsResultsAndNoText() {
        var store = store();
        store.append(RUN, lines(1, 60));
        store.append(RUN, List.of(event(61, "host_failed", "web-1", "much text")));

        assertThat(store.progress(RUN).lastCounter()).isEqualTo(61);
        assertThat(store.after(RUN, 0, 1).getFirst().text()).isNotNull();
        var last = store.after(RUN, 60, 1).getFirst();
        assertThat(last.text()).isNull();
        assertThat(last.truncated()).isTrue();
        assertThat(store.progress(RUN).hosts().get("web-1").state()).isEqualTo(HostState.FAILED);
    }

    @Test
    void theOldestGoWhenThereIsTooMuchAndAllGoInTime() throws IOException {
        var store = store();
        store.append(OTHER, lines(1, 60));
        Files.setLastModifiedTime(file(OTHER), FileTime.from(clock.instant().minus(Duration.ofHours(1))));
        store.append(RUN, lines(1, 60));
        Files.setLastModifiedTime(file(RUN), FileTime.from(clock.instant()));
        clock.advance(Duration.ofMinutes(2));
        store.append(THIRD, lines(1, 1));

        assertThat(store.progress(OTHER)).isEqualTo(RunProgress.NONE);
        assertThat(store.progress(RUN).received()).as("it may go on").isEqualTo(60);

        clock.advance(Duration.ofDays(8));
        store.append(THIRD, lines(2, 2));
        assertThat(store.progress(RUN)).isEqualTo(RunProgress.NONE);
    }

    @Test
    void aListenerHearsOfWhatIsNew() {
        var heard = new ArrayList<AttemptKey>();
        var store = store();
        store.addListener(heard::add);
        store.append(RUN, lines(1, 2));
        store.append(RUN, lines(1, 2));
        assertThat(heard).containsExactly(RUN);
    }

    @Test
    void eventsGoWithTheirRun() {
        var second = new AttemptKey("net", RUN.runUid(), 2);
        var elsewhere = new AttemptKey("other", RUN.runUid(), 1);
        try (var store = store()) {
            for (var attempt : List.of(RUN, second, elsewhere, OTHER)) {
                store.append(attempt, lines(1, 3));
            }
            store.forget("net", RUN.runUid());
            assertThat(directory.toFile().list())
                    .containsExactlyInAnyOrder(
                            file(OTHER).getFileName().toString(), "other_" + RUN.runUid() + "_1.jsonl");
            assertThat(store.after(RUN, 0, 10)).isEmpty();
            store.forget("net", "0b1c2d3e-0000-4000-8000-000000000009");
        }
    }

    /** What was written by a process before this one has to be found in the directory. */
    @Test
    void eventsOfAnEarlierProcessGoWithTheirRunToo() {
        try (var store = store()) {
            store.append(RUN, lines(1, 3));
        }
        try (var store = store()) {
            store.forget("net", RUN.runUid());
        }
        assertThat(directory.toFile().list()).isEmpty();
    }

    /** Runs that went while no operator was there. */
    @Test
    void eventsThatBelongToNoRunGoOnceItIsKnownWhichThereAre() throws IOException {
        try (var store = store()) {
            store.append(RUN, lines(1, 3));
            store.append(OTHER, lines(1, 3));
            clock.advance(Duration.ofMinutes(6));
            for (var attempt : List.of(RUN, OTHER)) {
                Files.setLastModifiedTime(
                        file(attempt), FileTime.from(clock.instant().minus(Duration.ofMinutes(6))));
            }
            store.append(THIRD, lines(1, 3));
            assertThat(directory.toFile().list()).as("it is not known yet").hasSize(3);
            Files.setLastModifiedTime(file(THIRD), FileTime.from(clock.instant()));
            store.keepOnlyWhere(attempt -> attempt.equals(OTHER));
            clock.advance(Duration.ofMinutes(2));
            assertThat(store.progress(OTHER).received()).isEqualTo(3);
            assertThat(directory.toFile().list())
                    .as("its own run is there, or it is so young that the cache may not know its run")
                    .containsExactlyInAnyOrder(
                            file(OTHER).getFileName().toString(),
                            file(THIRD).getFileName().toString());
        }
    }

    @Test
    void hostsAddUp() {
        var count = new ProgressCount();
        var events = new String[][] {
            {"host_started", "a"},
            {"host_ok", "a"},
            {"host_started", "b"},
            {"host_failed", "b"},
            {"host_started", "b"},
            {"host_ok", "b"},
            {"host_unreachable", "c"},
            {"host_skipped", "d"},
            {"host_started", "e"},
        };
        long counter = 0;
        for (var event : events) {
            count.add(event(++counter, event[0], event[1], null));
        }
        var hosts = count.progress().hosts();
        assertThat(hosts.get("a").state()).isEqualTo(HostState.OK);
        assertThat(hosts.get("b").state()).as("a failure stays").isEqualTo(HostState.FAILED);
        assertThat(hosts.get("c").state()).isEqualTo(HostState.UNREACHABLE);
        assertThat(hosts.get("d").state()).as("nothing was looked at").isEqualTo(HostState.SKIPPED);
        assertThat(hosts.get("e").state()).isEqualTo(HostState.RUNNING);
    }
}
