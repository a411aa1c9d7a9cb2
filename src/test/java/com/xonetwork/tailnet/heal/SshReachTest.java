package com.xonetwork.tailnet.heal;

import static org.assertj.core.api.Assertions.assertThat;

import com.xonetwork.tailnet.api.v1alpha1.HostKeyPolicy;
import com.xonetwork.tailnet.api.v1alpha1.KeyRef;
import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SshReachTest {

    private static boolean answers(int port) {
        return new SshReach()
                .answers(new SshJoin(
                        "127.0.0.1",
                        port,
                        "root",
                        new KeyRef("ssh", "id"),
                        null,
                        HostKeyPolicy.TRUST_ON_FIRST_USE,
                        null));
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
