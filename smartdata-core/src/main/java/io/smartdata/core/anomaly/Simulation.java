package io.smartdata.core.anomaly;

import io.smartdata.anomaly.DetectionResult;
import io.smartdata.anomaly.Judgement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How many alerts a detector would have raised over a history, before it is enabled.
 *
 * @param judged values with a verdict
 * @param weeks time from the first to the last of them, at least one step
 * @param rows one for each sensitivity, the most sensitive first
 * @since 0.1.0
 */
public record Simulation(int judged, double weeks, List<Row> rows) {
    /** From thresholds at which one value in 370 is out by chance to one at which none is. */
    private static final double[] SENSITIVITIES = {3, 3.5, 4, 4.5, 5, 6, 7};

    private static final Duration WEEK = Duration.ofDays(7);

    public Simulation {
        rows = List.copyOf(rows);
    }

    /**
     * What one threshold would have come to. Anomalies of one sign that follow each other are one alert.
     *
     * @param threshold sigma from which a value is an anomaly
     * @param falsePerThousand anomalies in 1 000 values by chance alone, if the detector is calibrated
     * @param anomalies values beyond the threshold
     * @param alerts runs of such values
     * @param alertsPerWeek mean number of alerts that begin in a week
     * @param mostInAWeek greatest number of alerts that began in one of the weeks counted from the first judged value
     */
    public record Row(
            double threshold,
            double falsePerThousand,
            int anomalies,
            int alerts,
            double alertsPerWeek,
            int mostInAWeek) {}

    /**
     * Counts in what a detector said.
     *
     * @param result of one run, whatever its threshold was
     * @param from first moment that counts; what is before warmed the detector up
     */
    public static Simulation of(DetectionResult result, Instant from) {
        List<Instant> times = new ArrayList<>();
        List<Double> scores = new ArrayList<>();
        for (int i = 0; i < result.judgements().size(); i++) {
            Judgement judgement = result.judgements().get(i);
            Instant time = result.observations().get(i).time();
            if (judgement.judged() && !time.isBefore(from)) {
                times.add(time);
                scores.add(judgement.score().getAsDouble());
            }
        }
        double[] signed = scores.stream().mapToDouble(Double::doubleValue).toArray();
        double weeks = weeks(times);
        return new Simulation(
                signed.length,
                weeks,
                Arrays.stream(SENSITIVITIES)
                        .mapToObj(threshold -> row(threshold, times, signed, weeks))
                        .toList());
    }

    /** The last value lasts as long as the others do on average. */
    private static double weeks(List<Instant> times) {
        int size = times.size();
        if (size < 2) {
            return size;
        }
        Duration span = Duration.between(times.get(0), times.get(size - 1));
        return (double) span.toSeconds() / WEEK.toSeconds() * size / (size - 1);
    }

    private static Row row(double threshold, List<Instant> times, double[] scores, double weeks) {
        int anomalies = 0;
        int alerts = 0;
        int most = 0;
        int inWeek = 0;
        long week = 0;
        boolean wasOut = false;
        for (int i = 0; i < scores.length; i++) {
            boolean out = Math.abs(scores[i]) >= threshold;
            long thisWeek = Duration.between(times.get(0), times.get(i)).toDays() / WEEK.toDays();
            if (thisWeek != week) {
                week = thisWeek;
                inWeek = 0;
            }
            if (out) {
                anomalies++;
                if (!wasOut || Math.signum(scores[i]) != Math.signum(scores[i - 1])) {
                    alerts++;
                    most = Math.max(most, ++inWeek);
                }
            }
            wasOut = out;
        }
        return new Row(
                threshold,
                1000 * Math.exp(NormalTail.logP(threshold)),
                anomalies,
                alerts,
                weeks == 0 ? 0 : alerts / weeks,
                most);
    }
}
