package com.xonetwork.tailnet.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.github.benmanes.caffeine.cache.Cache;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A caller's token is not to be found in what is remembered of callers, whether it was good or not. */
class NoTokenKeptTest {

    private static final String GOOD = "eyJhbGciOiJSUzI1NiJ9.good-token-of-ann";
    private static final String BAD = "eyJhbGciOiJSUzI1NiJ9.bad-token-of-nobody";

    private static final Reviews REVIEWS = new Reviews() {
        @Override
        public Optional<Caller> who(String token) {
            return token.equals(GOOD) ? Optional.of(new Caller("ann", "", List.of(), Map.of())) : Optional.empty();
        }

        @Override
        public boolean may(Caller caller, RunAction action) {
            return true;
        }
    };

    @Test
    void onlyItsFingerprintIsRemembered() throws IllegalAccessException {
        var access = new Access(REVIEWS, new Access.Settings(100, 100, Duration.ofHours(1)));
        access.require(access.admit("Bearer " + GOOD, "192.0.2.1"), RunAction.create("infra"));
        assertThat(catchThrowable(() -> access.admit("Bearer " + BAD, "192.0.2.1")))
                .hasMessageNotContaining(BAD);

        var remembered = new ArrayList<String>();
        var caches = 0;
        for (var field : fields(access).toList()) {
            field.setAccessible(true);
            var value = field.get(access);
            if (value instanceof Cache<?, ?> cache) {
                caches++;
                cache.asMap().forEach((key, held) -> remembered.add(key + " " + held));
            } else {
                remembered.add(String.valueOf(value));
            }
        }
        assertThat(caches).isPositive();
        assertThat(remembered).anyMatch(text -> text.contains("ann")).noneMatch(text -> text.contains("token-of"));
    }

    private static Stream<Field> fields(Access access) {
        return Stream.of(access.getClass().getDeclaredFields()).filter(field -> !field.isSynthetic());
    }
}
