package com.xonetwork.tailnet.pure;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Promises what it does not hold: each class in it breaks the promise in one way, but for {@link Innocent}. */
@Pure
final class Impure {

    private Impure() {}

    static final class TellsTime {
        Instant at() {
            return Instant.now();
        }
    }

    static final class TellsTimeInALambda {
        Supplier<Instant> at() {
            return Instant::now;
        }
    }

    static final class HasAClock {
        Instant at(Clock clock) {
            return clock.instant();
        }
    }

    static final class Rolls {
        int roll() {
            return ThreadLocalRandom.current().nextInt();
        }
    }

    static final class MakesNames {
        String name() {
            return UUID.randomUUID().toString();
        }
    }

    static final class Reads {
        String read(Path path) throws IOException {
            return Files.readString(path);
        }
    }

    static final class LooksUp {
        String address(String name) throws IOException {
            return InetAddress.getByName(name).getHostAddress();
        }
    }

    static final class AsksTheEnvironment {
        String home() {
            return String.valueOf(System.getenv("HOME"));
        }
    }

    static final class Logs {
        private static final Logger LOG = LoggerFactory.getLogger(Logs.class);

        void say() {
            LOG.info("said");
        }
    }

    static final class CallsWhoDoes {
        String decide() {
            return NotMarked.decide();
        }
    }

    @Pure
    static final class Remembers {
        private int calls;

        int count() {
            return ++calls;
        }
    }

    static final class Innocent {
        Instant later(Instant now) {
            return now.plusSeconds(NotMarked.SECONDS);
        }
    }
}
