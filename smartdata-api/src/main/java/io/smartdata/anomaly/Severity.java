package io.smartdata.anomaly;

/**
 * How far beyond chance a value is. Scores are normal-equivalent sigma, so a grade means the same in every series.
 *
 * @since 0.1.0
 */
public enum Severity {
    /** Not an anomaly. */
    NONE(0),
    /** An anomaly below 4 sigma. */
    LOW(0),
    /** From 4 sigma, by chance once in 16 thousand values. */
    MEDIUM(4),
    /** From 5 sigma, by chance once in 1.7 million values. */
    HIGH(5),
    /** From 7 sigma: never by chance. */
    CRITICAL(7);

    private final double fromSigma;

    Severity(double fromSigma) {
        this.fromSigma = fromSigma;
    }

    /** Lowest absolute score of this grade, inclusive; {@link #LOW} begins at whatever threshold was asked for. */
    public double fromSigma() {
        return fromSigma;
    }

    /** Grade of an anomaly with this signed score; never {@link #NONE}. */
    public static Severity ofAnomaly(double score) {
        double sigma = Math.abs(score);
        return sigma >= CRITICAL.fromSigma
                ? CRITICAL
                : sigma >= HIGH.fromSigma ? HIGH : sigma >= MEDIUM.fromSigma ? MEDIUM : LOW;
    }
}
