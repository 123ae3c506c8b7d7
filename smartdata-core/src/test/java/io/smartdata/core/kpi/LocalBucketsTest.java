package io.smartdata.core.kpi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.smartdata.kpi.Grain;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LocalBucketsTest {
    static Stream<JsonNode> days() {
        return GoldenLines.of("days.jsonl");
    }

    @Test
    void everyGoldenInstantHasItsLocalDate() {
        List<JsonNode> lines = GoldenLines.of("instants.jsonl").toList();
        assertThat(lines)
                .hasSize(516)
                .allSatisfy(line -> assertThat(new LocalBuckets(zone(line)).bucket(instant(line), Grain.DAY))
                        .isEqualTo(line.get("expect_local_date").asText()));
    }

    @Test
    void oneMemoryForAllInstantsOfAZoneChangesNoDate() {
        List<JsonNode> lines = new ArrayList<>(GoldenLines.of("instants.jsonl").toList());
        java.util.Collections.shuffle(lines, new Random(7));
        java.util.Map<ZoneId, LocalBuckets> byZone = new java.util.HashMap<>();
        assertThat(lines)
                .allSatisfy(line -> assertThat(byZone.computeIfAbsent(zone(line), LocalBuckets::new)
                                .bucket(instant(line), Grain.DAY))
                        .isEqualTo(line.get("expect_local_date").asText()));
    }

    @ParameterizedTest
    @MethodSource("days")
    void aDayIsTheSetOfMinutesWithItsLocalDate(JsonNode line) {
        LocalBuckets buckets = new LocalBuckets(zone(line));
        LocalDate day = LocalDate.parse(line.get("day").asText());
        Instant begin = Instant.parse(day.minusDays(2) + "T00:00:00Z");
        List<Instant> minutes = Stream.iterate(begin, minute -> minute.plusSeconds(60))
                .limit(5 * 24 * 60)
                .filter(minute -> buckets.bucket(minute, Grain.DAY).equals(day.toString()))
                .toList();
        assertThat(minutes).hasSize(line.get("minutes_with_this_local_date").asInt());
        assertThat(buckets.exists(day)).isEqualTo(!minutes.isEmpty());
        if (!minutes.isEmpty()) {
            assertThat(minutes.get(0)).isEqualTo(line.get("first_instant").asText());
            assertThat(buckets.startOf(day)).isEqualTo(minutes.get(0));
            Instant last = minutes.get(minutes.size() - 1);
            assertThat(last.toString())
                    .startsWith(line.get("last_minute_start").asText().replace("Z", ""));
            assertThat(buckets.endOf(day)).isEqualTo(last.plusSeconds(60));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"America/New_York", "Australia/Lord_Howe", "Africa/Monrovia", "Pacific/Apia", "UTC"})
    void rememberedOffsetsAgreeWithTheJdk(String zone) {
        long seed = 20240601;
        Random random = new Random(seed);
        LocalBuckets buckets = new LocalBuckets(ZoneId.of(zone));
        for (int i = 0; i < 20_000; i++) {
            Instant instant = Instant.ofEpochSecond(random.nextLong(4_000_000_000L));
            LocalDateTime local = LocalDateTime.ofInstant(instant, ZoneId.of(zone));
            assertThat(buckets.bucket(instant, Grain.DAY))
                    .as("seed %d, %s", seed, instant)
                    .isEqualTo(local.toLocalDate().toString());
            assertThat(buckets.bucket(instant, Grain.HOUR))
                    .as("seed %d, %s", seed, instant)
                    .startsWith(local.toString().substring(0, 13));
        }
    }

    @ParameterizedTest
    @CsvSource({
        // The hour that comes twice is two buckets.
        "America/New_York, 2023-11-05T05:30:00Z, 2023-11-05T01-04:00, 2023-11-05T05:00:00Z, 60",
        "America/New_York, 2023-11-05T06:30:00Z, 2023-11-05T01-05:00, 2023-11-05T06:00:00Z, 60",
        // A clock set back by half an hour cuts the hour it comes from and the one it goes to.
        "Australia/Lord_Howe, 2023-04-01T14:45:00Z, 2023-04-02T01+11:00, 2023-04-01T14:00:00Z, 60",
        "Australia/Lord_Howe, 2023-04-01T15:10:00Z, 2023-04-02T01+10:30, 2023-04-01T15:00:00Z, 30",
        // Set forward by half an hour at two, the hour begins at half past.
        "Australia/Lord_Howe, 2023-09-30T15:40:00Z, 2023-10-01T02+11:00, 2023-09-30T15:30:00Z, 30",
        "Asia/Kathmandu, 2023-06-01T00:00:00Z, 2023-06-01T05+05:45, 2023-05-31T23:15:00Z, 60",
        "UTC, 2023-06-01T23:59:59Z, 2023-06-01T23+00:00, 2023-06-01T23:00:00Z, 60"
    })
    void anHourIsALocalHourAtOneOffset(String zone, Instant instant, String bucket, Instant start, long minutes) {
        LocalBuckets buckets = new LocalBuckets(ZoneId.of(zone));
        assertThat(buckets.bucket(instant, Grain.HOUR)).isEqualTo(bucket);
        assertThat(buckets.startOf(bucket)).isEqualTo(start);
        assertThat(Duration.between(start, buckets.endOfHour(bucket))).isEqualTo(Duration.ofMinutes(minutes));
    }

    private static ZoneId zone(JsonNode line) {
        return ZoneId.of(line.get("zone").asText());
    }

    private static Instant instant(JsonNode line) {
        return Instant.parse(line.get("instant").asText());
    }
}
