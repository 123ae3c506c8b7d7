package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.smartdata.anomaly.Anomaly;
import io.smartdata.anomaly.DetectionResult;
import io.smartdata.anomaly.DetectorState;
import io.smartdata.anomaly.Observation;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.series.TimeSeries;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

class AutoDetectorTest {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final long SEED = 11;

    /** NAB's label windows: marathon, Thanksgiving, Christmas, New Year, blizzard. */
    private static final List<LabelWindow> LABELLED = List.of(
            new LabelWindow("2014-10-30T15:30:00Z", "2014-11-03T22:30:00Z"),
            new LabelWindow("2014-11-25T12:00:00Z", "2014-11-29T19:00:00Z"),
            new LabelWindow("2014-12-23T11:30:00Z", "2014-12-27T18:30:00Z"),
            new LabelWindow("2014-12-29T21:30:00Z", "2015-01-03T04:30:00Z"),
            new LabelWindow("2015-01-24T20:30:00Z", "2015-01-29T03:30:00Z"));

    @Test
    void dailyTaxiRidesShowTheQuietestDaysAndNothingOutsideTheLabels() {
        TreeMap<LocalDate, Double> days = new TreeMap<>();
        taxi().forEach(row -> days.merge(LocalDate.ofInstant(row.time(), ZoneOffset.UTC), row.value(), Double::sum));
        double[] values =
                days.values().stream().mapToDouble(Double::doubleValue).toArray();
        DetectionResult result =
                Detection.run(Detectors.of("auto"), TimeSeries.daily(days.firstKey(), ZoneOffset.UTC, values));
        assertThat(result.anomalies())
                .allMatch(anomaly -> anomaly.score() < 0)
                .allMatch(AutoDetectorTest::labelled)
                .extracting(anomaly -> LocalDate.ofInstant(anomaly.time(), ZoneOffset.UTC))
                .contains(LocalDate.of(2014, 11, 27), LocalDate.of(2014, 12, 25), LocalDate.of(2015, 1, 27));
    }

    /** Outside the labels only Independence Day and Labor Day are flagged, for which NAB has no label. */
    @Test
    void halfHourlyTaxiRidesShowFourOfTheFiveLabelsAndRaiseFewFalseAlerts() {
        List<Observation> rows = taxi();
        SeriesInfo info =
                SeriesInfo.inferred(rows.stream().map(Observation::time).toList(), ZoneOffset.UTC);
        List<Anomaly> anomalies =
                Detection.run(Detectors.of("auto"), info, rows).anomalies();
        assertThat(LABELLED.stream().filter(window -> anomalies.stream().anyMatch(window::holds)))
                .hasSizeGreaterThanOrEqualTo(4);
        assertThat(anomalies.stream().filter(anomaly -> !labelled(anomaly))).hasSizeLessThan(rows.size() / 500);
    }

    private static boolean labelled(Anomaly anomaly) {
        return LABELLED.stream().anyMatch(window -> window.holds(anomaly));
    }

    private record LabelWindow(String from, String to) {
        boolean holds(Anomaly anomaly) {
            return !anomaly.time().isBefore(Instant.parse(from))
                    && !anomaly.time().isAfter(Instant.parse(to));
        }
    }

    @Test
    void aStateOfHalfHoursWithADayAndAWeekStaysBelow16Kilobytes() {
        List<Observation> rows = taxi().subList(0, 1000);
        DetectorState state = Detectors.of("auto")
                .start(SeriesInfo.inferred(rows.stream().map(Observation::time).toList(), ZoneOffset.UTC));
        rows.forEach(row -> Detectors.of("auto").judge(state, row.time(), row.value()));
        assertThat(state.bytes()).hasSizeLessThan(16 * 1024);
    }

    @Test
    void missingRowsDoNotShiftTheSeason() {
        Random random = new Random(SEED);
        List<Observation> rows = new ArrayList<>(weekly(400, random, ZoneOffset.UTC));
        rows.removeIf(row -> random.nextInt(5) == 0);
        assertThat(Detection.run(Detectors.of("auto"), SeriesInfo.daily(ZoneOffset.UTC), rows)
                        .anomalies())
                .as("seed %d", SEED)
                .isEmpty();
    }

    @Test
    void aClockChangeDoesNotShiftTheSeasonOfLocalHours() {
        List<Observation> rows = new ArrayList<>();
        Random random = new Random(SEED);
        ZonedDateTime time = ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, NEW_YORK);
        for (int hour = 0; hour < 24 * 150; hour++) {
            double level = time.getHour() >= 9 && time.getHour() < 17 ? 400 : 100;
            rows.add(new Observation(time.toInstant(), level + 5 * random.nextGaussian()));
            time = time.plusHours(1);
        }
        SeriesInfo info =
                SeriesInfo.inferred(rows.stream().map(Observation::time).toList(), NEW_YORK);
        assertThat(Detection.run(Detectors.of("auto"), info, rows).anomalies())
                .as("seed %d", SEED)
                .hasSizeLessThan(4);
    }

    @Test
    void anAnomalyDoesNotHideTheNextOne() {
        List<Observation> rows = new ArrayList<>(weekly(200, new Random(SEED), ZoneOffset.UTC));
        for (int day : new int[] {150, 153, 157}) {
            rows.set(day, new Observation(rows.get(day).time(), 10));
        }
        assertThat(Detection.run(Detectors.of("auto"), SeriesInfo.daily(ZoneOffset.UTC), rows)
                        .anomalies())
                .as("seed %d", SEED)
                .extracting(Anomaly::time)
                .containsExactly(
                        rows.get(150).time(),
                        rows.get(153).time(),
                        rows.get(157).time());
    }

    @Test
    void aNewLevelIsAcceptedAfterAWhile() {
        Random random = new Random(SEED);
        List<Observation> rows = weekly(300, random, ZoneOffset.UTC).stream()
                .map(row -> row.time().isBefore(Instant.parse("2024-06-01T00:00:00Z"))
                        ? row
                        : new Observation(row.time(), row.value() + 60))
                .toList();
        List<Anomaly> anomalies = Detection.run(Detectors.of("auto"), SeriesInfo.daily(ZoneOffset.UTC), rows)
                .anomalies();
        assertThat(anomalies).as("seed %d", SEED).isNotEmpty();
        assertThat(anomalies).allMatch(anomaly -> anomaly.time().isBefore(Instant.parse("2024-07-15T00:00:00Z")));
    }

    @Test
    void seriesThatCrossZeroAreJudgedToo() {
        Random random = new Random(SEED);
        List<Observation> rows = new ArrayList<>();
        for (Observation row : weekly(200, random, ZoneOffset.UTC)) {
            rows.add(new Observation(row.time(), row.value() - 100));
        }
        rows.set(190, new Observation(rows.get(190).time(), -90));
        assertThat(Detection.run(Detectors.of("auto"), SeriesInfo.daily(ZoneOffset.UTC), rows)
                        .anomalies())
                .as("seed %d", SEED)
                .extracting(Anomaly::time)
                .containsExactly(rows.get(190).time());
    }

    @Test
    void aMissingValueStillHasAnExpectation() {
        List<Observation> rows = new ArrayList<>(weekly(100, new Random(SEED), ZoneOffset.UTC));
        rows.set(99, new Observation(rows.get(99).time(), Double.NaN));
        var last = Detection.run(Detectors.of("auto"), SeriesInfo.daily(ZoneOffset.UTC), rows)
                .judgements()
                .get(99);
        assertThat(last.judged()).isFalse();
        assertThat(last.expected()).isBetween(last.lower(), last.upper());
    }

    private static List<Observation> weekly(int days, Random random, ZoneId zone) {
        Instant start = LocalDate.of(2024, 1, 1).atStartOfDay(zone).toInstant();
        return IntStream.range(0, days)
                .mapToObj(i -> new Observation(
                        start.plus(Duration.ofDays(i)), 100 + (i % 7 >= 5 ? -40 : 10) + 3 * random.nextGaussian()))
                .toList();
    }

    private static List<Observation> taxi() {
        try (InputStream in = AutoDetectorTest.class.getResourceAsStream("nyc_taxi.csv.gz");
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        new GZIPInputStream(Objects.requireNonNull(in)), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .skip(1)
                    .map(line -> line.split(","))
                    .map(row -> new Observation(
                            LocalDateTime.parse(row[0].replace(' ', 'T')).toInstant(ZoneOffset.UTC),
                            Double.parseDouble(row[1])))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
