package com.xonetwork.tailnet.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.tenancy.HostileAct.Torment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** Does the same again and again from several threads, with a pause that leaves the two cores of a small machine to others. */
final class Flood implements Torment {

    private static final Duration LONGEST = Duration.ofMinutes(3);
    private static final Duration PAUSE = Duration.ofMillis(10);

    private final List<Thread> threads = new ArrayList<>();
    private final AtomicInteger done = new AtomicInteger();
    private volatile boolean ended;

    private Flood() {}

    /** Does one thing. The number is another each time; what it fails of is its own affair. */
    interface Step {
        void take(int number) throws Exception;
    }

    static Flood of(int threads, Step step) {
        var flood = new Flood();
        var end = System.nanoTime() + LONGEST.toNanos();
        for (var i = 0; i < threads; i++) {
            flood.threads.add(Thread.ofVirtual().start(() -> {
                while (!flood.ended && System.nanoTime() < end) {
                    flood.once(step);
                }
            }));
        }
        await().atMost(Duration.ofMinutes(2)).until(() -> flood.done.get() >= threads);
        return flood;
    }

    private void once(Step step) {
        try {
            step.take(done.get());
        } catch (Exception _) {
            // To be refused is what it is there for.
        }
        done.incrementAndGet();
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException _) {
            ended = true;
        }
    }

    @Override
    public void close() {
        ended = true;
        threads.forEach(Thread::interrupt);
        assertThat(threads)
                .allSatisfy(thread ->
                        assertThat(thread.join(Duration.ofSeconds(60))).isTrue());
    }
}
