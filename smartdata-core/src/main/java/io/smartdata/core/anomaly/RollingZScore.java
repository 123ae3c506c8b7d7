package io.smartdata.core.anomaly;

/**
 * Mean and standard deviation of the previous values. The score is the plain z, normal-equivalent for long windows only:
 * with 7 values one in 35 passes 3 by chance, therefore the window is 28 unless asked otherwise.
 */
final class RollingZScore extends WindowDetector {
    static final int WINDOW = 28;
    static final int MIN_PERIODS = 7;
    static final int DDOF = 1;
    static final double THRESHOLD = 3;

    private final int ddof;

    /** @param ddof 1 = sample, 0 = population standard deviation */
    RollingZScore(int window, int minPeriods, int ddof, double threshold) {
        super(
                "rolling-zscore",
                "window=%d,min-periods=%d,ddof=%d".formatted(window, minPeriods, ddof),
                window,
                minPeriods,
                threshold);
        require(ddof == 0 || ddof == 1, "ddof must be 0 or 1, was " + ddof);
        this.ddof = ddof;
    }

    @Override
    double center(double[] window) {
        double sum = 0;
        for (double value : window) {
            sum += value;
        }
        return sum / window.length;
    }

    @Override
    double sigma(double[] window, double mean) {
        double squares = 0;
        for (double value : window) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / (window.length - ddof));
    }

    @Override
    String centerName() {
        return "mean";
    }
}
