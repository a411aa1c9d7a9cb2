package com.xonetwork.tailnet.controlplane.http;

import static com.xonetwork.tailnet.controlplane.http.TestConnection.READ;
import static com.xonetwork.tailnet.controlplane.http.TestConnection.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.controlplane.ControlPlaneException;
import com.xonetwork.tailnet.controlplane.Device;
import com.xonetwork.tailnet.controlplane.ListIntake;
import com.xonetwork.tailnet.controlplane.MemoryBudget;
import com.xonetwork.tailnet.controlplane.StubServer;
import com.xonetwork.tailnet.controlplane.StubServer.Manner;
import com.xonetwork.tailnet.controlplane.StubServer.Reply;
import com.xonetwork.tailnet.testing.TestDevice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A device list is whole, or it is an error; and it counts once, however often it is tried. */
@Timeout(30)
class DeviceListReaderTest {

    @RegisterExtension
    final StubServer stub = new StubServer();

    private final TestConnection test = new TestConnection();
    private final MemoryBudget budget = new MemoryBudget(2_000_000, 2_000_000);

    private record Entry(String id) {}

    private List<Device> devices() {
        try (var connection = test.open(stub);
                var intake = new ListIntake(budget, "a", 10_000)) {
            var reader = new DeviceListReader<>(
                    connection.wire(),
                    "devices",
                    Entry.class,
                    entry -> Optional.ofNullable(entry.id()).map(TestDevice::plain),
                    intake);
            connection.send(call(READ).readBy(reader));
            return reader.devices();
        }
    }

    private static String list(int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> "{\"id\":\"" + i + "\",\"more\":{\"x\":[1,2,\"" + "y".repeat(100) + "\"]}}")
                .collect(Collectors.joining(",", "{\"other\":[{\"a\":1}],\"devices\":[", "],\"last\":null}"));
    }

    private void nothingIsTaken() {
        try (var all = budget.open("a")) {
            assertThat(all.take(2_000_000)).isTrue();
        }
    }

    @Test
    void aListLargerThanThePipeIsReadWhole() {
        stub.answers(Reply.json(list(1_900)));
        assertThat(devices())
                .hasSize(1_900)
                .extracting(Device::id)
                .startsWith("0", "1")
                .endsWith("1899");
        nothingIsTaken();
    }

    @Test
    void anAnswerThatBreaksOffIsTriedAgainAndCountsOnce() {
        var cut = list(1_900).substring(0, 200_000);
        stub.answers(Reply.json(cut).sent(Manner.CUT), Reply.json(cut).sent(Manner.CUT), Reply.json(list(1_900)));
        assertThat(devices()).hasSize(1_900);
        assertThat(stub.received()).hasSize(3);
        nothingIsTaken();
    }

    /** All of the JSON is there, and yet not all of the answer. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 1_900})
    void whatBreaksOffIsNoList(int count) {
        stub.answers(Reply.json(list(count)).sent(Manner.CUT));
        assertThatThrownBy(this::devices)
                .isInstanceOf(ControlPlaneException.Unavailable.class)
                .hasMessage("readThing: the answer broke off");
        nothingIsTaken();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"devices\":[{\"id\":\"1\"},{\"id\":\"2\"}",
                "{\"devices\":[{\"id\":\"1\"},{\"id\":\"2\"}]",
                "{\"devices\":[{\"id\":\"1\"},{\"id\":\"2",
                "{\"devices\":[{\"id\":\"1\"}]}{}",
                "{\"devices\":[{\"id\":\"1\"},7]}",
                "{\"devices\":[{\"id\":\"1\"},null]}",
                "{\"devices\":[{}]}",
                "{\"devices\":\"none\"}",
                "{\"devices\":null}",
                "{}",
                "[]",
                "null",
                " ",
                ""
            })
    void aPartOfAListIsNoList(String body) {
        stub.answers(Reply.json(body));
        assertThatThrownBy(this::devices)
                .isInstanceOf(ControlPlaneException.Unavailable.class)
                .hasMessageContaining("unusable");
        assertThat(stub.received()).hasSize(1);
        nothingIsTaken();
    }

    @Test
    void aPortalIsNoList() {
        stub.answers(Reply.html(200));
        assertThatThrownBy(this::devices).hasMessageContaining("a web page came instead of JSON");
        stub.answers(Reply.of(200, "\n <html>"));
        assertThatThrownBy(this::devices).hasMessageContaining("unusable");
    }

    @Test
    void anErrorIsReadAsEver() {
        stub.answers(Reply.json(403, "{\"message\":\"calling actor does not have enough permissions\"}"));
        assertThatThrownBy(this::devices)
                .isInstanceOf(ControlPlaneException.Forbidden.class)
                .hasMessageContaining("calling actor");
        stub.answers(Reply.json(503, "{}"), Reply.json(list(3)));
        assertThat(devices()).hasSize(3);
    }

    @Test
    void aListWithoutRoomIsBrokenOffAndNotTriedAgain() {
        stub.answers(Reply.json(list(5_000)));
        assertThatThrownBy(this::devices).isInstanceOf(ControlPlaneException.TooLarge.class);
        assertThat(stub.received()).hasSize(1);
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(stub.closedConnections()).isPositive());
        nothingIsTaken();
    }

    @Test
    void aListThatTricklesEndsWithTheCallTimeout() {
        test.rules = new ConnectionRules(
                Duration.ofSeconds(2), Duration.ofMillis(500), 1_000_000, 1, Duration.ZERO, Set.of("127.0.0.1"));
        stub.answers(Reply.json("").sent(Manner.TRICKLE));
        assertThatThrownBy(this::devices)
                .isInstanceOf(ControlPlaneException.Unavailable.class)
                .hasMessageContaining("within 0.5 s");
        nothingIsTaken();
    }

    @Test
    void whatIsTakenWholeCountsToo() {
        var little = new MemoryBudget(100_000, 100_000);
        stub.answers(Reply.json("{\"x\":\"" + "y".repeat(50_000) + "\"}"));
        try (var connection = test.core(stub).of("a", little).open(test.settings(stub.url()), new StandardErrors())) {
            assertThatThrownBy(() -> connection.send(call(READ)))
                    .isInstanceOf(ControlPlaneException.Unavailable.class)
                    .hasMessageStartingWith("readThing: the answer does not fit into the memory");
            assertThat(stub.received()).hasSize(1);
            stub.answers(Reply.json("{}"));
            connection.send(call(READ));
        }
        assertThat(little.open("a").take(100_000)).isTrue();
    }
}
