package io.smartdata.core.anomaly;

/**
 * Modified z-score: median and scaled median absolute deviation of the previous values, which outliers among them hardly
 * move. Source: Iglewicz and Hoaglin, "How to Detect and Handle Outliers", ASQC 1993; the threshold 3.5 is theirs.
 */
final class RobustZScore extends WindowDetector {
    static final int WINDOW = 28;
    static final int MIN_PERIODS = 7;
    static final double THRESHOLD = 3.5;

    RobustZScore(int window, int minPeriods, double threshold) {
        super("robust-zscore", "window=%d,min-periods=%d".formatted(window, minPeriods), window, minPeriods, threshold);
    }

    @Override
    double center(double[] window) {
        return Robust.median(window);
    }

    @Override
    double sigma(double[] window, double median) {
        return Robust.sigma(window, median);
    }

    @Override
    String centerName() {
        return "median";
    }
}
