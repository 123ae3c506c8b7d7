package com.example.webapp.login;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final Duration WINDOW = Duration.ofMinutes(5);

    private final Throttle throttle = new Throttle(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC), 5, WINDOW);

    @Test
    void ofManyAttemptsAtOnceNoMoreThanAllowedAreLetThrough() {
        long let = IntStream.range(0, 1000)
                .parallel()
                .filter(attempt -> throttle.attempt("ann").isZero())
                .count();
        assertThat(let).isEqualTo(5);
        assertThat(throttle.attempt("ann")).isEqualTo(WINDOW);
        assertThat(throttle.attempt("bob")).isZero();
    }

    @Test
    void anAttemptThatWasGoodDoesNotCount() {
        for (int attempt = 0; attempt < 100; attempt++) {
            assertThat(throttle.attempt("ann")).isZero();
            throttle.undo("ann");
        }
    }

    @Test
    void namesWithoutEndTakeNoMemoryWithoutEnd() {
        IntStream.range(0, 5).forEach(attempt -> throttle.attempt("first"));
        assertThat(throttle.attempt("first")).isEqualTo(WINDOW);
        IntStream.range(0, 100_000).forEach(name -> throttle.attempt("name " + name));
        assertThat(throttle.attempt("first"))
                .as("the oldest window made room for the newest")
                .isZero();
        assertThat(throttle.attempt("name 99999")).isZero();
    }
}
