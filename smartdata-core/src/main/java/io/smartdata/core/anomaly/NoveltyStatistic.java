package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/** How far a value lies off all that the series was so far, by the {@link Climate} that explains the series best. */
final class NoveltyStatistic {
    /** Share of the variance that must be left at most for a season to be worth its parameters. */
    private static final double WORTH = 0.8;

    private final List<Climate> climates;
    private final TailCalibration tail = new TailCalibration();
    private double distance;

    NoveltyStatistic(List<Integer> seasons) {
        this.climates =
                Stream.concat(Stream.of(0), seasons.stream()).map(Climate::new).toList();
    }

    /** Judges and learns; 0 if the history is too short. */
    double sigma(long slot, double value) {
        Climate best = null;
        for (Climate climate : climates) {
            if (climate.ready(slot) && (best == null || climate.variance() < WORTH * best.variance())) {
                best = climate;
            }
        }
        distance = best == null ? 0 : best.distance(slot, value);
        double sigma = tail.sigma(distance);
        if (best != null) {
            tail.add(distance);
        }
        climates.forEach(climate -> climate.add(slot, value));
        return sigma;
    }

    /** Standard deviations of the latest value, before calibration. */
    double distance() {
        return distance;
    }

    void write(DataOutputStream out) throws IOException {
        tail.write(out);
        for (Climate climate : climates) {
            climate.write(out);
        }
    }

    void read(DataInputStream in) throws IOException {
        tail.read(in);
        for (Climate climate : climates) {
            climate.read(in);
        }
    }
}
