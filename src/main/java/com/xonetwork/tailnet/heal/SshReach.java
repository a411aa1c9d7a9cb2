package com.xonetwork.tailnet.heal;

import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks whether a machine answers as an SSH server (RFC 4253, section 4.2: it sends its version first). Logs in to nothing. */
final class SshReach {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final String GREETING = "SSH-";

    boolean answers(SshJoin ssh) {
        try (var socket = new Socket()) {
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(ssh.address(), ssh.port()), (int) PATIENCE.toMillis());
            var said = socket.getInputStream().readNBytes(GREETING.length());
            return GREETING.equals(new String(said, StandardCharsets.US_ASCII));
        } catch (IOException _) {
            // Refused, no route, no such name, or silence: it does not answer.
            return false;
        }
    }
}
