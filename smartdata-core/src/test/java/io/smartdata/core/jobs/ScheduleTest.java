package io.smartdata.core.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Slots. In Europe/Berlin clocks go from 02:00 to 03:00 on 2026-03-29 at 01:00Z, and from 03:00 to 02:00 on 2026-10-25 at
 * 01:00Z.
 */
class ScheduleTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Schedule NIGHTLY = Schedule.cron("15 2 * * *", BERLIN);

    private static Instant latest(Schedule schedule, String now) {
        return schedule.latest(Instant.parse(now)).orElseThrow();
    }

    private static Instant next(Schedule schedule, String now) {
        return schedule.next(Instant.parse(now)).orElseThrow();
    }

    @Test
    void aSlotIsItsOwnLatestAndNeverItsOwnNext() {
        assertThat(latest(NIGHTLY, "2026-06-01T00:15:00Z")).isEqualTo("2026-06-01T00:15:00Z");
        assertThat(latest(NIGHTLY, "2026-06-01T00:14:59.999999Z")).isEqualTo("2026-05-31T00:15:00Z");
        assertThat(next(NIGHTLY, "2026-06-01T00:15:00Z")).isEqualTo("2026-06-02T00:15:00Z");
        assertThat(next(NIGHTLY, "2026-06-01T00:14:59.999999Z")).isEqualTo("2026-06-01T00:15:00Z");
    }

    @Test
    void aTimeThatDoesNotExistIsTheMomentClocksArePutForward() {
        assertThat(latest(NIGHTLY, "2026-03-29T00:59:59Z")).isEqualTo("2026-03-28T01:15:00Z");
        assertThat(next(NIGHTLY, "2026-03-29T00:30:00Z")).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(latest(NIGHTLY, "2026-03-29T01:00:00Z")).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(next(NIGHTLY, "2026-03-29T01:00:00Z")).isEqualTo("2026-03-30T00:15:00Z");
    }

    @Test
    void severalTimesThatDoNotExistAreOneSlot() {
        Schedule quarters = Schedule.cron("*/15 2 * * *", BERLIN);
        assertThat(next(quarters, "2026-03-28T12:00:00Z")).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(next(quarters, "2026-03-29T01:00:00Z")).isEqualTo("2026-03-30T00:00:00Z");
    }

    @Test
    void aTimeThatComesTwiceIsASlotTheFirstTime() {
        assertThat(next(NIGHTLY, "2026-10-24T12:00:00Z")).isEqualTo("2026-10-25T00:15:00Z");
        assertThat(latest(NIGHTLY, "2026-10-25T01:20:00Z"))
                .as("02:20 for the second time")
                .isEqualTo("2026-10-25T00:15:00Z");
        assertThat(latest(NIGHTLY, "2026-10-25T01:10:00Z"))
                .as("02:10 for the second time")
                .isEqualTo("2026-10-25T00:15:00Z");
        assertThat(next(NIGHTLY, "2026-10-25T00:15:00Z")).isEqualTo("2026-10-26T01:15:00Z");
    }

    @Test
    void sundaysAreSundays() {
        Schedule sundays = Schedule.cron("30 3 * * 0", ZoneOffset.UTC);
        assertThat(next(sundays, "2026-06-01T00:00:00Z")).isEqualTo("2026-06-07T03:30:00Z");
        assertThat(latest(sundays, "2026-06-01T00:00:00Z")).isEqualTo("2026-05-31T03:30:00Z");
    }

    @Test
    void intervalsCountFromTheEpoch() {
        Schedule minutes = Schedule.every(Duration.ofMinutes(10));
        assertThat(latest(minutes, "2026-06-01T00:19:59.999Z")).isEqualTo("2026-06-01T00:10:00Z");
        assertThat(next(minutes, "2026-06-01T00:20:00Z")).isEqualTo("2026-06-01T00:30:00Z");
        assertThat(minutes).hasToString("every 10m");
    }

    /** Walking on with next and looking back with latest give the same slots, transitions included. */
    @Test
    void latestAndNextAgree() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        List<Schedule> schedules = List.of(
                NIGHTLY,
                Schedule.cron("*/7 1-3 * * *", BERLIN),
                Schedule.cron("0 * * * *", ZoneId.of("America/New_York")),
                Schedule.cron("10,40 2 * * *", ZoneId.of("Australia/Lord_Howe")),
                Schedule.cron("0 0 1 * *", ZoneId.of("America/Sao_Paulo")));
        for (Schedule schedule : schedules) {
            List<Instant> slots = new ArrayList<>();
            Instant start = Instant.parse("2016-01-01T00:00:00Z").plusSeconds(random.nextInt(300_000_000));
            for (Instant at = start; slots.size() < 400; at = slots.get(slots.size() - 1)) {
                slots.add(schedule.next(at).orElseThrow());
            }
            for (int i = 1; i < slots.size(); i++) {
                Instant slot = slots.get(i);
                Instant before = slots.get(i - 1);
                assertThat(slot).as("seed %d, %s", seed, schedule).isAfter(before);
                assertThat(schedule.latest(slot))
                        .as("seed %d, %s", seed, schedule)
                        .contains(slot);
                assertThat(schedule.latest(slot.minusNanos(1)))
                        .as("seed %d, %s", seed, schedule)
                        .contains(before);
            }
        }
    }

    @Test
    void whatIsNoCronExpressionIsRefused() {
        assertThatThrownBy(() -> Schedule.cron("61 2 * * *", BERLIN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.cron("0 15 2 * * ?", BERLIN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Schedule.every(Duration.ofMillis(999))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aDayThatNeverComesHasNoSlot() {
        Schedule never = Schedule.cron("0 0 30 2 *", ZoneOffset.UTC);
        assertThat(never.next(Instant.parse("2026-06-01T00:00:00Z"))).isEmpty();
        assertThat(never.latest(Instant.parse("2026-06-01T00:00:00Z"))).isEmpty();
    }
}
