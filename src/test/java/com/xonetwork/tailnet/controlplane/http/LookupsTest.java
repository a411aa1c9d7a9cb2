package com.xonetwork.tailnet.controlplane.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Name servers that do not answer. */
@Timeout(30)
class LookupsTest {

    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger asked = new AtomicInteger();
    private final Lookups lookups = new Lookups(this::resolve);

    private List<InetAddress> resolve(String host) throws UnknownHostException {
        asked.incrementAndGet();
        if (host.startsWith("slow")) {
            try {
                release.await(20, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
        if (host.equals("unknown")) {
            throw new UnknownHostException(host);
        }
        return List.of(InetAddress.getLoopbackAddress());
    }

    @Test
    void namesThatHangAreTheirNamespacesOwn() {
        for (var i = 0; i < 100; i++) {
            lookups.resolve("greedy", "slow-" + i);
        }
        var waits = lookups.resolve("greedy", "fine");

        var other = lookups.resolve("net", "fine");
        await().until(other::succeeded);
        assertThat(asked).hasValue(Lookups.MOST_OF_NAMESPACE + 1);
        assertThat(waits.isComplete()).isFalse();

        release.countDown();
        await().until(waits::succeeded);
        assertThat(asked).hasValue(102);
    }

    @Test
    void callsThatWantTheSameNameShareOneLookup() {
        var first = lookups.resolve("net", "slow");
        assertThat(lookups.resolve("net", "slow")).isSameAs(first);
        release.countDown();
        await().until(first::succeeded);
        assertThat(asked).hasValue(1);

        var again = lookups.resolve("net", "slow");
        await().until(again::succeeded);
        assertThat(asked).as("nothing is remembered").hasValue(2);
    }

    @Test
    void whatIsNotKnownIsToldAndTakesNoPlace() {
        for (var i = 0; i < 3 * Lookups.MOST; i++) {
            var unknown = lookups.resolve("net", "unknown");
            await().until(unknown::isComplete);
            assertThat(unknown.cause()).isInstanceOf(UnknownHostException.class);
        }
    }
}
