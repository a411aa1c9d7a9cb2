package com.xonetwork.tailnet.controlplane.http;

import static com.xonetwork.tailnet.controlplane.http.TestConnection.CREATE;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.READ;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Settings;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Manner;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Timeouts, size limit, redirects, addresses: what keeps a bad server or a bad name from doing harm. */
class HttpConnectionTransportTest {

    @RegisterExtension
    final StubServer stub = new StubServer();

    @RegisterExtension
    final StubServer otherHost = new StubServer();

    private final TestConnection test = new TestConnection();

    private static ConnectionRules rules(Duration callTimeout, int maxBodyBytes) {
        return new ConnectionRules(
                Duration.ofSeconds(1),
                callTimeout,
                maxBodyBytes,
                1,
                Duration.ZERO,
                Set.of("127.0.0.1", "control.test"));
    }

    private URI named() {
        return URI.create("http://control.test:" + stub.port());
    }

    @Test
    void hangingServerEndsWithTheCallTimeout() {
        test.rules = rules(Duration.ofMillis(200), 1000);
        stub.answers(Reply.json("").sent(Manner.HANG));
        try (var connection = test.open(stub)) {
            assertThatThrownBy(() -> connection.send(call(READ)))
                    .isInstanceOf(ControlPlaneException.Unavailable.class)
                    .hasMessage("readThing: no answer from 127.0.0.1 within 0.2 s");
        }
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(stub.closedConnections()).isEqualTo(1));
    }

    @Test
    void trickleEndsWithTheCallTimeoutToo() {
        test.rules = rules(Duration.ofSeconds(3), 1000);
        stub.answers(Reply.json("").sent(Manner.TRICKLE));
        try (var connection = test.open(stub)) {
            var problem =
                    catchThrowableOfType(ControlPlaneException.Unavailable.class, () -> connection.send(call(READ)));
            assertThat(problem.status()).isEqualTo(200);
            assertThat(problem).hasMessageContaining("within 3.0 s");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(stub.closedConnections()).isEqualTo(1));
        }
    }

    @Test
    void tooLargeBodyIsBrokenOffWhileItArrives() {
        test.rules = rules(Duration.ofSeconds(10), 50_000);
        stub.answers(Reply.json("").sent(Manner.ENDLESS));
        try (var connection = test.open(stub)) {
            var problem =
                    catchThrowableOfType(ControlPlaneException.Unavailable.class, () -> connection.send(call(READ)));
            assertThat(problem).hasMessage("readThing: the answer is larger than 50000 bytes");
            assertThat(problem.status()).isEqualTo(200);
            // An endless body that goes on being read would keep the connection open.
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(stub.closedConnections()).isEqualTo(1));
        }
    }

    @Test
    void bodyJustWithinTheLimitPasses() {
        test.rules = rules(Duration.ofSeconds(10), 50_000);
        stub.answers(Reply.json("y".repeat(50_000)));
        try (var connection = test.open(stub)) {
            assertThat(connection.send(call(READ)).body().length()).isEqualTo(50_000);
        }
    }

    @Test
    void credentialDoesNotFollowARedirectToAnotherHost() {
        otherHost.answers(Reply.json("{}"));
        stub.answers(Reply.of(307, "").with("Location", "http://127.0.0.1:" + otherHost.port() + "/thing"));
        try (var connection = test.open(stub)) {
            assertThatThrownBy(() -> connection.send(call(READ))).hasMessageContaining("which is not followed");
        }
        assertThat(otherHost.received()).isEmpty();
        assertThat(stub.last().headers()).containsEntry("authorization", "Bearer " + Settings.API_KEY);
    }

    @Test
    void connectsToTheAddressThatWasCheckedAndKeepsTheName() {
        var lookups = new AtomicInteger();
        test.resolver = host -> {
            lookups.incrementAndGet();
            return List.of(InetAddress.getByAddress(host, new byte[] {127, 0, 0, 1}));
        };
        stub.answers(Reply.json("{}"));
        try (var connection = test.open(stub, named())) {
            connection.send(call(READ));
        }
        // The name exists nowhere but in the resolver: a second look-up by the client would have failed.
        assertThat(lookups).hasValue(1);
        assertThat(stub.last().headers()).containsEntry("host", "control.test:" + stub.port());
    }

    @Test
    void nameThatTurnsToAForbiddenAddressIsRefusedWithoutAConnection() {
        var answers = new AtomicReference<>(List.of(InetAddress.getLoopbackAddress()));
        test.resolver = host -> answers.get();
        stub.answers(Reply.json("{}"));
        try (var connection = test.open(stub, named())) {
            connection.send(call(READ));
            answers.set(List.of(address(169, 254, 169, 254), address(100, 100, 100, 200)));
            assertThatThrownBy(() -> connection.send(call(READ)))
                    .isInstanceOf(ControlPlaneException.Rejected.class)
                    .hasMessageContaining("host control.test leads to an address that a control plane cannot have");
        }
        assertThat(stub.received()).hasSize(1);
    }

    @Test
    void forbiddenAddressAmongOthersIsLeftOut() {
        test.resolver = host -> List.of(address(169, 254, 169, 254), address(127, 0, 0, 1));
        stub.answers(Reply.json("{}"));
        try (var connection = test.open(stub, named())) {
            assertThat(connection.send(call(READ)).status()).isEqualTo(200);
        }
    }

    @Test
    void nextAttemptTakesTheNextAddress() {
        // 127.0.0.2 is loopback too, but the stub does not listen there.
        test.resolver = host -> List.of(address(127, 0, 0, 2), address(127, 0, 0, 1));
        stub.answers(Reply.json("{}"));
        try (var connection = test.open(stub, named())) {
            assertThat(connection.send(call(READ)).status()).isEqualTo(200);
            // It is remembered, for calls that have one attempt only.
            assertThat(connection.send(call(CREATE)).status()).isEqualTo(200);
        }
    }

    @Test
    void unknownAndSlowNamesAreUnavailable() {
        test.resolver = host -> {
            throw new UnknownHostException(host);
        };
        try (var connection = test.open(stub, named())) {
            assertThatThrownBy(() -> connection.send(call(READ)))
                    .isInstanceOf(ControlPlaneException.Unavailable.class)
                    .hasMessage("readThing: host control.test is not known");
        }
        var release = new CountDownLatch(1);
        test.rules = rules(Duration.ofMillis(200), 1000);
        test.resolver = host -> {
            try {
                release.await(5, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return List.of(address(127, 0, 0, 1));
        };
        try (var connection = test.open(stub, named())) {
            assertThatThrownBy(() -> connection.send(call(READ))).hasMessageContaining("within 0.2 s");
        } finally {
            release.countDown();
        }
    }

    @Test
    void closedPortIsUnavailable() throws Exception {
        int free;
        try (var socket = new java.net.ServerSocket(0)) {
            free = socket.getLocalPort();
        }
        try (var connection = test.open(stub, URI.create("http://127.0.0.1:" + free))) {
            assertThatThrownBy(() -> connection.send(call(READ)))
                    .isInstanceOf(ControlPlaneException.Unavailable.class)
                    .hasMessage("readThing: no connection to 127.0.0.1");
        }
        assertThat(test.observed).containsExactly("readThing 0", "readThing 0", "readThing 0");
    }

    @Test
    void interruptedCallerGetsAnExceptionAndKeepsItsFlag() throws Exception {
        stub.answers(Reply.json("").sent(Manner.HANG));
        var flag = new CompletableFuture<Boolean>();
        try (var connection = test.open(stub)) {
            var caller = Thread.ofPlatform().start(() -> {
                try {
                    connection.send(call(READ));
                    flag.complete(false);
                } catch (ControlPlaneException.Unavailable e) {
                    flag.complete(Thread.currentThread().isInterrupted());
                }
            });
            await().until(() -> !stub.received().isEmpty());
            caller.interrupt();
            assertThat(flag.get(5, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void blockingAnEventLoopIsRefused() throws Exception {
        try (var connection = test.open(stub)) {
            var seen = new CompletableFuture<Throwable>();
            stub.vertx().getOrCreateContext().runOnContext(nothing -> {
                try {
                    connection.send(call(READ));
                    seen.complete(new AssertionError("it was not refused"));
                } catch (IllegalStateException e) {
                    seen.complete(e);
                }
            });
            assertThat(seen.get(5, TimeUnit.SECONDS)).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void requestArrivesAsItWasMade() {
        stub.answers(Reply.json("{}").with("ETag", "W/\"abc\""));
        try (var connection = test.open(stub, URI.create("http://127.0.0.1:" + stub.port() + "/base/"))) {
            var call = HttpCall.of(
                            TestConnection.WRITE,
                            RequestPath.of("thing", "a/b c").query("x", "1&2"))
                    .withBearer("token")
                    .withHeader("If-Match", "\"abc\"")
                    .withBody("application/hujson", Buffer.buffer("{\"ü\": 1}"));
            assertThat(connection.send(call).etag()).contains("abc");
        }
        var request = stub.last();
        assertThat(request.line()).isEqualTo("POST /base/thing/a%2Fb%20c?x=1%262");
        assertThat(request.body()).isEqualTo("{\"ü\": 1}");
        assertThat(request.headers())
                .containsEntry("authorization", "Bearer token")
                .containsEntry("if-match", "\"abc\"")
                .containsEntry("content-type", "application/hujson")
                .containsEntry("user-agent", "xo-tailnet-operator");
    }

    private static InetAddress address(int... octets) {
        var bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
