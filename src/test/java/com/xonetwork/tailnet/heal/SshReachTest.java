package com.xonetwork.tailnet.heal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.xonetwork.tailnet.api.v1alpha1.HostKeyPolicy;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SshReachTest {

    private static SshJoin machine(String address, int port) {
        return new SshJoin(
                address, port, "root", new KeyRef("ssh", "id"), null, HostKeyPolicy.TRUST_ON_FIRST_USE, null);
    }

    private static boolean answers(SshReach reach, SshJoin machine) {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> reach.answers("net", machine).isPresent());
        return reach.answers("net", machine).orElseThrow();
    }

    private static boolean answers(int port) {
        return answers(new SshReach(any -> true), machine("127.0.0.1", port));
    }

    /** Whoever may write a TailnetNode would learn what listens in the operator's pod, or on its machine. */
    @Test
    void theOperatorItselfIsNotAsked() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            server.setSoTimeout(1_000);
            var reach = new SshReach();
            for (var address : List.of(
                    "127.0.0.1",
                    "localhost",
                    "::1",
                    "169.254.169.254",
                    "0.0.0.0",
                    "::ffff:127.0.0.1",
                    "64:ff9b::a9fe:a9fe")) {
                assertThat(answers(reach, machine(address, server.getLocalPort())))
                        .as(address)
                        .isFalse();
            }
            assertThatThrownBy(server::accept).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void nobodyWaitsAndSilentMachinesOfOneNamespaceKeepNoOthersWaiting() throws IOException {
        var silent = new ArrayList<ServerSocket>();
        try {
            var reach = new SshReach(any -> true);
            for (var i = 0; i < 10; i++) {
                silent.add(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
                assertThat(reach.answers(
                                "greedy", machine("127.0.0.1", silent.get(i).getLocalPort())))
                        .isEmpty();
            }
            assertThat(answers(reach, machine("127.0.0.1", 1))).isFalse();
            var first = machine("127.0.0.1", silent.getFirst().getLocalPort());
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> reach.answers("greedy", first).isPresent());
            assertThat(reach.answers("greedy", first)).as("silence ends").contains(false);
        } finally {
            for (var socket : silent) {
                socket.close();
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"SSH-2.0-OpenSSH_9.2, true", "HTTP/1.1 400 Bad Request, false", "SS, false"})
    void onlyAGreetingOfSshIsAnAnswer(String greeting, boolean answers) throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> {
                try (var client = server.accept()) {
                    client.getOutputStream().write((greeting + "\r\n").getBytes(StandardCharsets.US_ASCII));
                } catch (IOException _) {
                    // The other side has heard enough.
                }
            });
            assertThat(answers(server.getLocalPort())).isEqualTo(answers);
        }
    }

    @Test
    void nobodyAndSilenceAreNone() throws IOException {
        int port;
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = server.getLocalPort();
            assertThat(answers(port)).as("silence").isFalse();
        }
        assertThat(answers(port)).as("nobody").isFalse();
    }
}
