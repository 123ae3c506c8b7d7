package com.example.detector;

import io.smartdata.SmartDataException;
import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectorState;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.SeriesInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares each value with the one at the same local time a week earlier: an anomaly has changed by a given percentage.
 * After the percentage rule with week-over-week offset of ThirdEye.
 *
 * <p>A rule knows no distribution, but scores are sigmas. By convention a change of exactly the percentage scores 3, twice
 * the percentage 6, and so on; a threshold of the series other than 3 moves the limit in proportion.
 *
 * @since 0.1.0
 */
public final class WeekOverWeekDetector implements AnomalyDetector {
    private static final double SIGMA_AT_LIMIT = 3;

    /** A week, and a day for the hour that does not exist when clocks are put forward. */
    private static final Duration KEPT = Duration.ofDays(8);

    private final double percent;

    /**
     * @param percent change from which a value is an anomaly, above 0
     * @throws IllegalArgumentException if it is not
     */
    public WeekOverWeekDetector(double percent) {
        if (!(percent > 0) || Double.isInfinite(percent)) {
            throw new IllegalArgumentException("percent must be above 0 and finite, was " + percent);
        }
        this.percent = percent;
    }

    @Override
    public String id() {
        return "week-over-week";
    }

    @Override
    public String version() {
        return "1:percent=" + percent;
    }

    @Override
    public DetectorState start(SeriesInfo series) {
        return new Week(signature(), series.zone(), series.threshold().orElse(SIGMA_AT_LIMIT));
    }

    @Override
    public DetectorState resume(byte[] stored) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(stored))) {
            if (!in.readUTF().equals(signature())) {
                throw mismatch(null);
            }
            Week week = new Week(signature(), ZoneId.of(in.readUTF()), in.readDouble());
            for (int left = in.readInt(); left > 0; left--) {
                week.values.put(Instant.ofEpochSecond(in.readLong(), in.readInt()), in.readDouble());
            }
            if (in.read() >= 0) {
                throw mismatch(null);
            }
            return week;
        } catch (IOException | DateTimeException e) {
            throw mismatch(e);
        }
    }

    @Override
    public Judgement judge(DetectorState state, Instant time, double value) {
        if (Double.isInfinite(value)) {
            throw new IllegalArgumentException("value must be finite or NaN, was " + value);
        }
        if (!(state instanceof Week week) || !week.signature.equals(signature())) {
            throw new IllegalArgumentException("state is not of detector " + signature());
        }
        Judgement judgement = verdict(week, week.earlier(time), value);
        if (!Double.isNaN(value)) {
            week.add(time, value);
        }
        return judgement;
    }

    private Judgement verdict(Week week, @Nullable Double before, double value) {
        if (before == null) {
            return Judgement.notJudged("no value a week earlier");
        }
        double margin = Math.abs(before) * percent / 100 * week.threshold / SIGMA_AT_LIMIT;
        if (Double.isNaN(value)) {
            return Judgement.notJudged(before, before - margin, before + margin, "no value");
        }
        double change = value == before ? 0 : 100 * (value - before) / Math.abs(before);
        return Judgement.of(
                SIGMA_AT_LIMIT * change / percent,
                before,
                before - margin,
                before + margin,
                week.threshold,
                () -> String.format(Locale.ROOT, "%+.1f %% against %s a week earlier", change, before),
                "within the usual change of a week");
    }

    private String signature() {
        return id() + "/" + version();
    }

    private SmartDataException mismatch(@Nullable Exception cause) {
        return new SmartDataException(
                "detector_state_mismatch",
                "The stored state was not written by detector %s, so it cannot continue. Start anew from the history."
                        .formatted(signature()),
                cause);
    }

    /** The values of the last week of one series; as many as the series has rows in eight days. */
    private static final class Week implements DetectorState {
        private final String signature;
        private final ZoneId zone;
        private final double threshold;
        private final TreeMap<Instant, Double> values = new TreeMap<>();

        Week(String signature, ZoneId zone, double threshold) {
            this.signature = signature;
            this.zone = zone;
            this.threshold = threshold;
        }

        @Nullable
        Double earlier(Instant time) {
            return values.get(time.atZone(zone).minusWeeks(1).toInstant());
        }

        void add(Instant time, double value) {
            values.put(time, value);
            values.headMap(time.minus(KEPT)).clear();
        }

        @Override
        public byte[] bytes() {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (DataOutputStream out = new DataOutputStream(bytes)) {
                out.writeUTF(signature);
                out.writeUTF(zone.getId());
                out.writeDouble(threshold);
                out.writeInt(values.size());
                for (Map.Entry<Instant, Double> entry : values.entrySet()) {
                    Instant time = entry.getKey();
                    out.writeLong(time.getEpochSecond());
                    out.writeInt(time.getNano());
                    out.writeDouble(entry.getValue());
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return bytes.toByteArray();
        }
    }
}
