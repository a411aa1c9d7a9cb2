package com.xonetwork.tailnet.controlplane.http;

import static com.xonetwork.tailnet.controlplane.http.TestConnection.CREATE;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.READ;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.WRITE;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.call;
import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.controlplane.CallBudget;
import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A service that says "too many" again and again, with and without {@code Retry-After}, to three connections with one
 * credential: in virtual time, whatever the order of calls, waits and answers, no second has more calls than the budget
 * allows, and no call is sent before the service may be asked again.
 */
class RateLimitStormTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @RegisterExtension
    final StubServer stub = new StubServer();

    private final TestConnection test = new TestConnection();
    private final List<Long> sent = new ArrayList<>();
    private long closedUntil = Long.MIN_VALUE;
    private boolean closed;

    @ParameterizedTest
    @CsvSource({"1, 5, 10", "2, 1, 1", "3, 20, 3", "4, 0.5, 2", "5, 100, 1", "6, 3, 30", "7, 5, 10", "8, 2, 5"})
    void calmIsKept(long seed, double perSecond, int burst) {
        var random = new Random(seed);
        test.budget = new CallBudget(perSecond, burst);
        test.rules = new ConnectionRules(
                Duration.ofSeconds(2),
                Duration.ofSeconds(5),
                1_000_000,
                3,
                Duration.ofSeconds(random.nextInt(4)),
                test.rules.plainHttpHosts());
        var violations = new ArrayList<String>();
        stub.behaves(request -> answer(random, violations));
        int held = 0;
        var core = test.core(stub);
        try (var one = core.open(test.settings(stub.url()), new StandardErrors());
                var two = core.open(test.settings(stub.url()), new StandardErrors());
                var three = core.open(test.settings(stub.url()), new StandardErrors())) {
            var connections = List.of(one, two, three);
            for (int step = 0; step < 250; step++) {
                if (random.nextInt(3) == 0) {
                    test.pacer.pass(Duration.ofMillis(random.nextInt(1500)));
                }
                var operation = List.of(READ, WRITE, CREATE).get(random.nextInt(3));
                try {
                    connections.get(random.nextInt(3)).send(call(operation));
                } catch (ControlPlaneException.RateLimited e) {
                    assertThat(e.retryAfter()).isPositive();
                    held++;
                } catch (ControlPlaneException.Unavailable e) {
                    assertThat(e.status()).isEqualTo(503);
                }
            }
        }

        assertThat(violations)
                .as("calls while the service had asked for patience")
                .isEmpty();
        assertThat(sent).as("the storm is one").hasSizeGreaterThan(20);
        assertThat(held).isPositive();
        for (int from = 0; from < sent.size(); from++) {
            long start = sent.get(from);
            long inWindow = sent.stream()
                    .filter(time -> time - start >= 0 && time - start < SECOND)
                    .count();
            assertThat(inWindow).isLessThanOrEqualTo((long) Math.ceil(burst + perSecond));
        }
    }

    /** On another thread than the test, which waits for it: the virtual time stands still meanwhile. */
    private Reply answer(Random random, List<String> violations) {
        long now = test.pacer.nanos();
        sent.add(now);
        if (closed && now - closedUntil < 0) {
            violations.add(TimeUnit.NANOSECONDS.toMillis(closedUntil - now) + " ms too early");
        }
        return switch (random.nextInt(4)) {
            case 0 -> Reply.json("{}");
            case 1 -> Reply.json(429, "{\"message\":\"too many requests\"}");
            default -> {
                long seconds = 1 + random.nextInt(3);
                closed = true;
                closedUntil = now + seconds * SECOND;
                yield Reply.of(random.nextBoolean() ? 429 : 503, "").with("Retry-After", String.valueOf(seconds));
            }
        };
    }
}
