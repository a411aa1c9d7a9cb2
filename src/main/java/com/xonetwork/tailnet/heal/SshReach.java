package com.xonetwork.tailnet.heal;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.xonetwork.tailnet.api.v1alpha1.SshJoin;
import com.xonetwork.tailnet.controlplane.AddressRules;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Asks whether a machine answers as an SSH server (RFC 4253, section 4.2: it sends its version first). Logs in to nothing.
 *
 * <p>Whoever writes a TailnetNode says which address is asked. So nothing is asked that {@link AddressRules} forbid, nor the
 * operator itself; no reconciler waits for an answer; and few machines of one namespace are asked at once, so that silent ones keep
 * nobody else's waiting.
 */
final class SshReach {

    /** For connecting, and again for the greeting. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** How long an answer is good, from the question on: longer than it can take. */
    private static final Duration GOOD = Duration.ofSeconds(15);

    private static final int MOST_AT_ONCE = 32;
    private static final int MOST_OF_NAMESPACE = 4;
    private static final String GREETING = "SSH-";

    private final Predicate<InetAddress> permitted;
    private final Cache<Question, CompletableFuture<Boolean>> answers =
            Caffeine.newBuilder().maximumSize(1_000).expireAfterWrite(GOOD).build();
    private final Map<String, Integer> asking = new HashMap<>();
    private int all;

    private record Question(String namespace, String address, int port) {}

    SshReach() {
        this(address -> !address.isLoopbackAddress()
                && !new AddressRules().permitted(List.of(address)).isEmpty());
    }

    /** @param permitted addresses that may be connected to */
    SshReach(Predicate<InetAddress> permitted) {
        this.permitted = permitted;
    }

    /**
     * Whether it answers. Does not wait.
     *
     * @param namespace of the TailnetNode
     * @return empty while that is not known: ask again
     */
    Optional<Boolean> answers(String namespace, SshJoin ssh) {
        var question = new Question(namespace, ssh.address(), ssh.port());
        var answer = answers.getIfPresent(question);
        if (answer == null) {
            answer = begin(question);
        }
        return answer == null ? Optional.empty() : Optional.ofNullable(answer.getNow(null));
    }

    /** @return null when too many are asked already */
    private synchronized @Nullable CompletableFuture<Boolean> begin(Question question) {
        var ofNamespace = asking.getOrDefault(question.namespace(), 0);
        if (all >= MOST_AT_ONCE || ofNamespace >= MOST_OF_NAMESPACE) {
            return null;
        }
        all++;
        asking.put(question.namespace(), ofNamespace + 1);
        var answer = new CompletableFuture<Boolean>();
        answers.put(question, answer);
        // Not a virtual one: looking a name up holds the thread that carries it.
        Thread.ofPlatform().daemon().name("ssh-reach").start(() -> {
            try {
                answer.complete(ask(question));
            } finally {
                ended(question.namespace());
                answer.complete(false);
            }
        });
        return answer;
    }

    private synchronized void ended(String namespace) {
        all--;
        asking.computeIfPresent(namespace, (same, count) -> count <= 1 ? null : count - 1);
    }

    private boolean ask(Question question) {
        try {
            // The address that was looked at is the one that is connected to.
            for (var address : InetAddress.getAllByName(question.address())) {
                if (permitted.test(address) && greets(new InetSocketAddress(address, question.port()))) {
                    return true;
                }
            }
            return false;
        } catch (IOException _) {
            // No such name: it does not answer.
            return false;
        }
    }

    private static boolean greets(InetSocketAddress place) {
        try (var socket = new Socket()) {
            socket.connect(place, (int) PATIENCE.toMillis());
            var deadline = System.nanoTime() + PATIENCE.toNanos();
            var said = new byte[GREETING.length()];
            for (var length = 0; length < said.length; ) {
                socket.setSoTimeout(millisUntil(deadline));
                var more = socket.getInputStream().read(said, length, said.length - length);
                if (more < 0) {
                    return false;
                }
                length += more;
            }
            return GREETING.equals(new String(said, StandardCharsets.US_ASCII));
        } catch (IOException _) {
            // Refused, no route, or silence: it does not answer.
            return false;
        }
    }

    private static int millisUntil(long deadline) throws InterruptedIOException {
        var millis = (deadline - System.nanoTime()) / 1_000_000;
        if (millis <= 0) {
            throw new InterruptedIOException("too slow");
        }
        return (int) millis;
    }
}
