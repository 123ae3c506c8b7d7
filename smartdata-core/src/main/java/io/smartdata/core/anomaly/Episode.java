package io.smartdata.core.anomaly;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/**
 * Turns surprise into one alert for each anomaly, not one for each row of it.
 *
 * <p>A row keeps its full score only if it tops the peak of the running episode, which fades once the surprise is over.
 * All other rows are graded below the alerts by how far they lie off, how much surprise is left from the rows before (an
 * anomaly is a state that lasts, so its neighbours are suspect), and how new the value is: a picture of the episode for
 * people and for ranking.
 */
final class Episode {
    /** Highest grade of a row that is no alert; below the default threshold. */
    static final double CEILING = 2.8;

    /** Sigma by which a row must top the peak: less is the same news. */
    private static final double NEWS = 0.25;

    private static final double PEAK_HALF_LIFE = 0.7;
    private static final double REST_HALF_LIFE = 0.5;

    /** Share of the squared surprise in the grade. */
    private static final double OWN = 0.3;

    /** Sigma of a grade in the middle. */
    private static final double MIDDLE = 3;

    private final double peakDecay;
    private final double restDecay;
    private double peak;
    private double rest;

    /** @param period rows of a day, or of a week of days */
    Episode(int period) {
        this.peakDecay = Math.pow(0.5, 1 / (PEAK_HALF_LIFE * period));
        this.restDecay = Math.pow(0.5, 1 / (REST_HALF_LIFE * period));
    }

    /** True while the latest surprise is not over. */
    boolean running() {
        return peak >= CEILING;
    }

    /**
     * @param novelty standard deviations off all history
     * @param ceiling of the grades, below the threshold
     * @param shown true if this row shows the anomaly to be of another shape, which is news
     */
    double score(Surprise surprise, double novelty, double ceiling, boolean shown) {
        double sigma = surprise.score();
        if (sigma < CEILING) {
            peak *= peakDecay;
        }
        rest *= restDecay;
        boolean news = sigma >= ceiling && (shown || sigma >= peak + (peak > 1 ? NEWS : 0));
        double off = Math.sqrt(OWN * surprise.total() * surprise.total() + rest * rest + novelty * novelty);
        peak = Math.max(peak, sigma);
        if (sigma > ceiling) {
            rest = Math.max(rest, sigma);
        }
        return news ? sigma : ceiling * off / (off + MIDDLE);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeDouble(peak);
        out.writeDouble(rest);
    }

    void read(DataInputStream in) throws IOException {
        peak = in.readDouble();
        rest = in.readDouble();
    }
}
