package io.smartdata.core.emit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.smartdata.core.emit.Delivery.FailedEvent;
import io.smartdata.core.observe.Meters;
import io.smartdata.emit.SpoolSize;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When and what is sent, with a clock that stands still until it is moved. */
class CourierTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final EmitterSettings settings = EmitterSettings.defaults()
            .withBatch(4, 1_000)
            .withLinger(LINGER)
            .withBackoff(Duration.ofSeconds(1), Duration.ofSeconds(60));
    private final MemorySpool spool = new MemorySpool(1_000, 1 << 20);
    private final ScriptedTransport server = new ScriptedTransport();
    private final List<UnsentEvent> unsent = new ArrayList<>();
    private final Tally tally = new Tally(Meters.none());
    private long nanos = Long.MAX_VALUE - 1_000; // clocks of this kind overflow
    private double luck = 1;
    private UnsentEvents letters = unsent::add;
    private final Courier courier = new Courier(
            spool,
            server,
            letter -> letters.accept(letter),
            tally,
            settings,
            Clock.fixed(NOON, ZoneOffset.UTC),
            () -> nanos,
            new FixedRandom());

    /** A share of the bound, always the same. */
    private final class FixedRandom implements RandomGenerator {
        @Override
        public long nextLong() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long nextLong(long bound) {
            return Math.round((bound - 1) * luck);
        }
    }

    private void emit(int from, int to) {
        spool.append(IntStream.range(from, to)
                .mapToObj(i -> Integer.toString(i).getBytes(UTF_8))
                .toList());
        courier.arrived(to - from, to - from);
    }

    private void pass(Duration time) {
        nanos += time.toNanos();
    }

    private Duration round() {
        return Duration.ofNanos(courier.round());
    }

    private EmitterStatistics statistics() {
        return tally.statistics(spool.size());
    }

    private static Delivery failing(int size, FailedEvent... failed) {
        return new Delivery.Answered(size - failed.length, 0, List.of(failed));
    }

    private static FailedEvent failed(int index, String code, boolean retryable) {
        return new FailedEvent(index, code, "why", retryable, null);
    }

    @Test
    void anEventWaitsForOthersAsLongAsItMayLinger() {
        emit(0, 1);
        assertThat(round()).isEqualTo(LINGER);
        assertThat(server.requests()).isEmpty();
        pass(LINGER);
        round();
        assertThat(server.requests()).containsExactly(List.of("0"));
        assertThat(statistics().sent()).isEqualTo(1);
    }

    @Test
    void aFullBatchDoesNotLinger() {
        emit(0, 4);
        round();
        assertThat(server.requests()).containsExactly(List.of("0", "1", "2", "3"));
    }

    @Test
    void manyEventsGoOutInBatchesOneAfterTheOther() {
        emit(0, 10);
        round();
        round();
        round();
        assertThat(server.requests())
                .containsExactly(List.of("0", "1", "2", "3"), List.of("4", "5", "6", "7"), List.of("8", "9"));
    }

    @Test
    void bytesFillABatchToo() {
        byte[] long1 = "x".repeat(600).getBytes(UTF_8);
        spool.append(List.of(long1, long1));
        assertThat(courier.arrived(2, 1_200)).isTrue();
        round();
        assertThat(server.requests())
                .hasSize(1)
                .allSatisfy(batch -> assertThat(batch).hasSize(1));
    }

    @Test
    void whatFailsIsSentAgainAfterWaitsThatDouble() {
        for (int i = 0; i < 9; i++) {
            server.then(ScriptedTransport.unavailable());
        }
        emit(0, 4);
        for (int expected : new int[] {1, 2, 4, 8, 16, 32, 60, 60, 60}) {
            assertThat(round()).isEqualTo(Duration.ofSeconds(expected));
            int sent = server.requests().size();
            pass(Duration.ofSeconds(expected).minusNanos(1));
            assertThat(round()).isEqualTo(Duration.ofNanos(1));
            assertThat(server.requests()).hasSize(sent);
            pass(Duration.ofNanos(1));
        }
        round();
        assertThat(server.requests()).hasSize(10).containsOnly(List.of("0", "1", "2", "3"));
        assertThat(statistics().retried()).isEqualTo(36);
        assertThat(statistics().sent()).isEqualTo(4);
        assertThat(statistics().lastErrorCode()).isEqualTo("store_unavailable");
        assertThat(statistics().lastAnsweredAt()).isEqualTo(NOON);
    }

    @Test
    void successMakesTheNextWaitShortAgain() {
        server.then(ScriptedTransport.unavailable()).then(ScriptedTransport.unavailable());
        emit(0, 4);
        round();
        pass(Duration.ofSeconds(1));
        round();
        pass(Duration.ofSeconds(2));
        round();
        server.then(ScriptedTransport.unavailable());
        emit(4, 8);
        assertThat(round()).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void waitsAreSpreadOverTheirWholeLength() {
        luck = 0.25;
        server.then(ScriptedTransport.unavailable()).then(ScriptedTransport.unavailable());
        emit(0, 4);
        assertThat(round()).isEqualTo(Duration.ofMillis(250));
        pass(Duration.ofMillis(250));
        assertThat(round()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void theServerSaysWhenToComeBackAndNobodyComesEarlier() {
        luck = 0;
        server.then(new Delivery.Deferred("throttled", "", Duration.ofSeconds(90)));
        emit(0, 4);
        assertThat(round()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void noServerSilencesAnEmitterForLongerThanAnHour() {
        luck = 0;
        server.then(new Delivery.Deferred("throttled", "", Duration.ofDays(365_000)));
        emit(0, 4);
        assertThat(round()).isEqualTo(Courier.LONGEST_RETRY_AFTER);
    }

    @Test
    void aDateOfThePastIsNoReasonToWait() {
        luck = 0;
        server.then(new Delivery.Deferred("throttled", "", Duration.ofSeconds(-90)));
        emit(0, 4);
        assertThat(round()).isZero();
    }

    @Test
    void newEventsDoNotShortenAWait() {
        server.then(ScriptedTransport.unavailable());
        emit(0, 4);
        round();
        emit(4, 50);
        assertThat(round()).isEqualTo(Duration.ofSeconds(1));
        courier.hurry();
        assertThat(round()).isEqualTo(Duration.ofSeconds(1));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void whatIsRefusedIsGivenUpAndNeverSentAgain() {
        server.then(new Delivery.Refused("not_permitted", "No."));
        emit(0, 4);
        round();
        pass(LINGER);
        round();
        assertThat(server.requests()).hasSize(1);
        assertThat(unsent).extracting(UnsentEvent::json).containsExactly("0", "1", "2", "3");
        assertThat(unsent.get(0)).isEqualTo(new UnsentEvent("0", "not_permitted", "No.", NOON, null));
        assertThat(statistics().givenUp()).isEqualTo(4);
        assertThat(spool.size()).isEqualTo(new SpoolSize(0, 0));
    }

    @Test
    void ofABatchOnlyWhatMayBeTakenLaterIsSentAgain() {
        server.then(size -> failing(size, failed(1, "throttled", true), failed(2, "invalid_time", false)));
        emit(0, 4);
        assertThat(round()).isEqualTo(Duration.ofSeconds(1));
        assertThat(unsent).extracting(UnsentEvent::json, UnsentEvent::code).containsExactly(tuple("2", "invalid_time"));
        pass(Duration.ofSeconds(1));
        round();
        assertThat(server.requests()).containsExactly(List.of("0", "1", "2", "3"), List.of("1"));
        assertThat(statistics())
                .returns(3L, EmitterStatistics::sent)
                .returns(1L, EmitterStatistics::retried)
                .returns(1L, EmitterStatistics::givenUp)
                .returns(0L, EmitterStatistics::waiting);
    }

    @Test
    void duplicatesAreSafeWithTheServer() {
        server.then(size -> new Delivery.Answered(1, size - 1L, List.of()));
        emit(0, 4);
        round();
        assertThat(statistics()).returns(1L, EmitterStatistics::sent).returns(3L, EmitterStatistics::duplicates);
        assertThat(spool.size().events()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 4, 1_000_000})
    void anAnswerAboutEventsThatWereNotSentIsNotBelieved(int index) {
        server.then(size -> failing(size, failed(index, "invalid_time", false)));
        emit(0, 4);
        round();
        assertThat(unsent).isEmpty();
        assertThat(spool.size().events()).isEqualTo(4);
        assertThat(statistics().lastErrorCode()).isEqualTo("unreadable_answer");
    }

    @Test
    void anAnswerWhoseFiguresDoNotAddUpIsNotBelieved() {
        server.then(new Delivery.Answered(3, 0, List.of()))
                .then(size -> new Delivery.Answered(-1, size + 1L, List.of()))
                .then(size -> new Delivery.Answered(
                        size - 2L, 0, List.of(failed(0, "throttled", true), failed(0, "throttled", true))));
        emit(0, 4);
        for (int i = 0; i < 3; i++) {
            round();
            assertThat(spool.size().events()).isEqualTo(4);
            pass(Duration.ofMinutes(1));
        }
        round();
        assertThat(spool.size().events()).isZero();
    }

    @Test
    void aBatchThatIsTooLargeIsSentInHalvesAtOnce() {
        server.then(new Delivery.TooLarge("batch_too_large", "")).then(new Delivery.TooLarge("batch_too_large", ""));
        emit(0, 4);
        while (spool.size().events() > 0) {
            round();
        }
        assertThat(server.requests())
                .containsExactly(
                        List.of("0", "1", "2", "3"), List.of("0", "1"), List.of("0"), List.of("1", "2"), List.of("3"));
        assertThat(unsent).isEmpty();
    }

    @Test
    void aSingleEventThatIsTooLargeIsGivenUpAndTheRestGoesOn() {
        emit(0, 2);
        server.then(new Delivery.TooLarge("http_413", "")).then(new Delivery.TooLarge("http_413", ""));
        pass(LINGER);
        round();
        round();
        round();
        assertThat(unsent).extracting(UnsentEvent::json).containsExactly("0");
        assertThat(server.requests()).endsWith(List.of("1"));
    }

    @Test
    void batchesGrowAgainAfterOneWasTooLarge() {
        server.then(new Delivery.TooLarge("batch_too_large", ""));
        emit(0, 100);
        while (spool.size().events() > 0) {
            round();
        }
        assertThat(server.requests()).contains(List.of("0", "1"));
        assertThat(server.requests().get(server.requests().size() - 2)).hasSize(4);
    }

    @Test
    void aTransportThatThrowsLosesNothing() {
        server.then(size -> {
            throw new IllegalStateException("a defect");
        });
        emit(0, 4);
        assertThat(round()).isEqualTo(Duration.ofSeconds(1));
        pass(Duration.ofSeconds(1));
        round();
        assertThat(statistics())
                .returns(4L, EmitterStatistics::sent)
                .returns("transport_failed", EmitterStatistics::lastErrorCode);
    }

    @Test
    void lettersThatCannotBeWrittenAreNotForgotten() {
        server.then(new Delivery.Refused("not_permitted", "")).then(new Delivery.Refused("not_permitted", ""));
        letters = letter -> {
            throw new IllegalStateException("The disk is full");
        };
        emit(0, 4);
        assertThat(round()).isEqualTo(Duration.ofSeconds(1));
        assertThat(spool.size().events()).isEqualTo(4);
        letters = unsent::add;
        pass(Duration.ofSeconds(1));
        round();
        assertThat(unsent).hasSize(4);
        assertThat(spool.size().events()).isZero();
    }

    @Test
    void nothingIsSentAfterAnAbort() {
        courier.abort();
        emit(0, 4);
        round();
        assertThat(server.requests()).isEmpty();
        assertThat(spool.size().events()).isEqualTo(4);
    }
}
