package com.xonetwork.tailnet.runner;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.xonetwork.tailnet.api.v1alpha1.HostState;
import com.xonetwork.tailnet.runner.RunEventStore.Limits;
import com.xonetwork.tailnet.simulator.ManualClock;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one runner, or one namespace, can make the operator keep. */
class EventBoundsTest {

    private static final AttemptKey RUN = attempt("net", 1);
    private static final Set<String> HOSTS = Set.of("web-1");
    private static final Limits LIMITS = new Limits(50, 4_000, 60_000, 20_000, Duration.ofDays(7));
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-11-24T10:00:00Z"));

    private static AttemptKey attempt(String namespace, int number) {
        return new AttemptKey(namespace, "0b1c2d3e-0000-4000-8000-%012d".formatted(number), 1);
    }

    private RunEventStore store() {
        return new RunEventStore(directory, LIMITS, clock);
    }

    private Path file(AttemptKey attempt) {
        return directory.resolve(EventFiles.name(attempt));
    }

    private static RunEvent event(long counter, String type, String host) {
        return new RunEvent(
                counter, "2026-11-24T10:00:00.000Z", type, host, "task", null, null, "text of " + counter, null, null);
    }

    private static List<RunEvent> lines(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(counter -> event(counter, "output", null))
                .toList();
    }

    private static RunEvent end(long counter) {
        return new RunEvent(
                counter,
                "2026-11-24T10:00:00.000Z",
                "run_finished",
                null,
                null,
                null,
                null,
                null,
                json("""
                {"v":1,"attempt":1,"status":"finished","lastCounter":%d,"redactions":0,
                 "totals":{"total":1,"ok":1,"changed":0,"failed":0,"unreachable":0,"skipped":0},
                 "hosts":[{"n":"web-1","s":"ok"}],"more":0}""".formatted(counter)),
                null);
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private long bytes() throws IOException {
        try (var files = Files.list(directory)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    @Test
    void afterALongWhileNothingIsKeptButTheEnd() throws IOException {
        var store = store();
        for (var i = 0; i < 200; i++) {
            store.append(RUN, lines(i * 1000L + 1, i * 1000L + 1000), HOSTS);
        }
        var kept = store.append(RUN, List.of(event(200_001, "host_failed", "web-1")), HOSTS);
        assertThat(kept).isEqualTo(new RunEventStore.Kept(200_001, true));
        assertThat(Files.size(file(RUN))).isLessThan(2 * LIMITS.bytesOfAttempt());
        assertThat(store.progress(RUN).hosts().get("web-1").state())
                .as("results count all the same")
                .isEqualTo(HostState.FAILED);

        // The runner leaves out what would be dropped.
        assertThat(store.append(RUN, List.of(end(250_000)), HOSTS).last()).isEqualTo(250_000);
        assertThat(store.append(RUN, List.of(event(250_001, "output", null)), HOSTS)
                        .last())
                .as("after the end there is nothing")
                .isEqualTo(250_001);
        for (var process : List.of(store, store())) {
            var progress = process.progress(RUN);
            assertThat(progress.summary()).isPresent();
            assertThat(progress.received()).isBetween(40L, 101L);
            assertThat(progress.received() + progress.dropped()).isEqualTo(progress.lastCounter());
            assertThat(process.after(RUN, 0, 1_000)).hasSize((int) progress.received());
            assertThat(process.after(RUN, 1_000, 1_000))
                    .singleElement()
                    .satisfies(event -> assertThat(event.type()).isEqualTo("run_finished"));
        }
    }

    @Test
    void aGapBeforeTheEndIsOneOnlyOfALogThatWasCut() {
        var store = store();
        store.append(RUN, lines(1, 3), HOSTS);
        assertThat(store.append(RUN, List.of(end(9)), HOSTS).last()).isEqualTo(3);
    }

    @Test
    void namesAndSummariesTakeNoPlace() throws IOException {
        var store = store();
        var huge = "h".repeat(200_000);
        for (var i = 1; i <= 300; i++) {
            store.append(RUN, List.of(event(i, "host_ok", i + huge)), HOSTS);
        }
        for (var i = 301; i <= 600; i++) {
            var data = JSON.createObjectNode().put("v", 0).put("x", huge);
            store.append(
                    RUN,
                    List.of(new RunEvent(i, "x", "run_finished", null, null, null, null, null, data, null)),
                    HOSTS);
        }
        assertThat(store.progress(RUN).lastCounter()).isEqualTo(600);
        assertThat(store.progress(RUN).hosts()).isEmpty();
        assertThat(bytes()).isLessThan(2 * LIMITS.bytesOfAttempt());
    }

    @Test
    void oneNamespaceHasItsShareAndNoMore() throws IOException {
        var store = store();
        for (var i = 1; i <= 50; i++) {
            var run = attempt("greedy", i);
            store.append(run, lines(1, 100), HOSTS);
            assertThat(store.append(run, List.of(end(101)), HOSTS).last()).isEqualTo(101);
        }
        assertThat(bytes()).isLessThan(LIMITS.bytesOfNamespace() + 10_000);
        store.append(RUN, lines(1, 40), HOSTS);
        assertThat(store.progress(RUN).received()).as("others have theirs").isEqualTo(40);
    }

    /** Of runs that go on nothing is taken away for others of the namespace; each has its end. */
    @Test
    void whereAllGoOnFurtherEventsAreNotKeptAndTheEndIs() throws IOException {
        var store = store();
        for (var i = 1; i <= 50; i++) {
            store.append(attempt("greedy", i), lines(1, 100), HOSTS);
        }
        var last = attempt("greedy", 50);
        assertThat(store.progress(last).received()).isZero();
        assertThat(store.progress(last).dropped()).isEqualTo(100);
        assertThat(store.append(last, List.of(end(500)), HOSTS)).isEqualTo(new RunEventStore.Kept(500, true));
        assertThat(store().progress(last).summary()).isPresent();
        assertThat(bytes()).isLessThan(LIMITS.bytesOfNamespace() + 10_000);
    }

    /** Several of them together have no more than all may have, and none of the others is kept out. */
    @Test
    void whoHasLittleFindsRoom() throws IOException {
        var store = store();
        for (var i = 1; i <= 200; i++) {
            store.append(attempt("greedy-" + i % 4, i), lines(1, 100), HOSTS);
        }
        store.append(RUN, lines(1, 40), HOSTS);
        assertThat(store.progress(RUN).received()).isEqualTo(40);
        assertThat(bytes()).isLessThan(LIMITS.bytes() + 10_000);
    }

    @Test
    void whatWasReadIsClosed() {
        try (var store = store()) {
            for (var i = 0; i < 300; i++) {
                store.append(attempt("n" + i, i), lines(1, 1), HOSTS);
            }
            assertThat(store.open()).as("also while they are written to").isLessThanOrEqualTo(32);
        }
        var reader = store();
        for (var i = 0; i < 300; i++) {
            assertThat(reader.progress(attempt("n" + i, i)).received()).isEqualTo(1);
            clock.advance(Duration.ofMinutes(1));
        }
        assertThat(reader.open()).as("nothing is written any more").isLessThan(10);
        reader.progress(attempt("n0", 0));
        assertThat(reader.after(attempt("n0", 0), 0, 10)).hasSize(1);
    }

    @Test
    void anInterruptedReaderTakesTheLogFromNobody() {
        var store = store();
        store.append(RUN, lines(1, 3), HOSTS);
        Thread.currentThread().interrupt();
        try {
            store.after(RUN, 0, 10);
        } finally {
            Thread.interrupted();
        }
        assertThat(store.after(RUN, 0, 10)).hasSize(3);
        assertThat(store.append(RUN, lines(4, 4), HOSTS).last()).isEqualTo(4);
    }

    @Test
    void aPageHasAnEndInBytesToo() {
        var store =
                new RunEventStore(directory, new Limits(5_000, 100_000_000, 100_000_000, Duration.ofDays(7)), clock);
        var text = "x".repeat(32 * 1024);
        store.append(
                RUN,
                LongStream.rangeClosed(1, 200)
                        .mapToObj(i -> new RunEvent(i, "", "output", null, null, null, null, text, null, null))
                        .toList(),
                HOSTS);
        var page = store.after(RUN, 0, 1_000);
        assertThat(page.size()).isBetween(20, 50);
        assertThat(store.after(RUN, page.getLast().counter(), 1).getFirst().counter())
                .isEqualTo(page.getLast().counter() + 1);
    }

    @Test
    void filesAreOfThisAccountAlone() throws IOException {
        directory = directory.resolve("a/b");
        store().append(RUN, lines(1, 1), HOSTS);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(RUN))))
                .isEqualTo("rw-------");
    }

    @Test
    void anOlderDirectoryIsMadePrivate() throws IOException {
        directory = Files.createDirectory(directory.resolve("a"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Files.createFile(file(RUN));
        Files.setPosixFilePermissions(file(RUN), PosixFilePermissions.fromString("rw-r--r--"));
        filesAreOfThisAccountAloneHere();
    }

    private void filesAreOfThisAccountAloneHere() throws IOException {
        store().append(RUN, lines(1, 1), HOSTS);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file(RUN))))
                .isEqualTo("rw-------");
    }

    @Test
    void aLinkInPlaceOfAFileIsNotFollowed() throws IOException {
        var victim = Files.writeString(directory.resolve("victim"), "precious");
        Files.createSymbolicLink(file(RUN), victim);
        var store = store();
        assertThat(store.progress(RUN)).isEqualTo(RunProgress.NONE);
        assertThat(assertRefused(() -> store.append(RUN, lines(1, 1), HOSTS))).isNotBlank();
        assertThat(victim).hasContent("precious");
    }

    @Test
    void aDirectoryThatSomebodyElseMayHaveMadeIsRefused() throws IOException {
        var real = Files.createDirectory(directory.resolve("real"));
        var link = Files.createSymbolicLink(directory.resolve("link"), real);
        var open = Files.createDirectory(directory.resolve("open"));
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        var below = Files.createSymbolicLink(open.resolve("link"), real).resolve("runs");
        for (var place : List.of(link, open, below)) {
            directory = place;
            var store = store();
            assertThat(store.refusal().orElseThrow()).contains("set tailnet-operator.runs.directory");
            assertThat(store.progress(RUN)).isEqualTo(RunProgress.NONE);
            assertRefused(() -> store.append(RUN, lines(1, 1), HOSTS));
            assertThat(real).isEmptyDirectory();
        }
    }

    private static String assertRefused(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            return String.valueOf(e.getMessage());
        }
        throw new AssertionError("it was not refused");
    }

    /** As a container that starts again finds them: what an earlier version, or a process that was killed, has left. */
    @Test
    void whateverIsInTheFilesAStartTakesLittleMemory() throws Exception {
        var many = attempt("net", 2);
        try (var writer = Files.newBufferedWriter(file(many))) {
            for (var i = 1; i <= 500_000; i++) {
                writer.write("{\"counter\":" + i
                        + ",\"time\":\"2026-11-24T10:00:00.000Z\",\"type\":\"host_ok\",\"host\":\"web-" + i % 1000
                        + "\",\"task\":\"a task with a name that is not short\",\"truncated\":true}\n");
            }
            writer.write(JSON.writeValueAsString(end(500_001)) + "\n");
        }
        var broad = attempt("net", 3);
        try (var writer = Files.newBufferedWriter(file(broad))) {
            writer.write(JSON.writeValueAsString(event(1, "output", null)) + "\n");
            writer.write("{\"counter\":2,\"time\":\"x\",\"type\":\"host_ok\",\"host\":\"");
            for (var i = 0; i < 150; i++) {
                writer.write("h".repeat(1_000_000));
            }
            writer.write("\"}\n");
        }
        var hosts = attempt("net", 4);
        try (var writer = Files.newBufferedWriter(file(hosts))) {
            for (var i = 1; i <= 149; i++) {
                writer.write("{\"counter\":" + i + ",\"time\":\"x\",\"type\":\"host_ok\",\"host\":\"" + i
                        + "h".repeat(1_000_000) + "\"}\n");
            }
        }
        var zeros = attempt("net", 5);
        Files.write(file(zeros), new byte[50_000_000]);

        var told = inLittleMemory(directory);

        assertThat(told)
                .contains("2: received 100001, last 500001, finished true")
                .contains("3: received 1, last 1, finished false")
                .contains("last 149, finished false")
                .contains("5: received 0, last 0, finished false")
                .contains("alive");
        assertThat(Files.size(file(many))).isLessThan(40_000_000);
        assertThat(Files.size(file(broad))).isLessThan(1_000);
    }

    private static String inLittleMemory(Path directory) throws IOException, InterruptedException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx40m",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        Stream.of(
                                        EventBoundsTest.class,
                                        RunEventStore.class,
                                        ObjectMapper.class,
                                        JsonFactory.class,
                                        JsonInclude.class,
                                        Logger.class)
                                .map(EventBoundsTest::place)
                                .distinct()
                                .collect(Collectors.joining(File.pathSeparator)),
                        Start.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        var told = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return told;
    }

    private static String place(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain()
                            .getCodeSource()
                            .getLocation()
                            .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    /** A process of its own. */
    static final class Start {
        private Start() {}

        public static void main(String[] args) {
            var store = new RunEventStore(
                    Path.of(args[0]),
                    new Limits(50_000, 16 << 20, 512 << 20, Duration.ofDays(100_000)),
                    Clock.systemUTC());
            for (var i = 2; i <= 5; i++) {
                var progress = store.progress(attempt("net", i));
                System.out.println(i + ": received " + progress.received() + ", last " + progress.lastCounter()
                        + ", finished " + progress.summary().isPresent());
                store.after(attempt("net", i), progress.lastCounter() / 2, 1_000);
            }
            store.append(attempt("net", 3), lines(2, 3), HOSTS);
            System.out.println("alive");
        }
    }
}
