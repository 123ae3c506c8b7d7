package io.smartdata.core.anomaly;

/** What can speak for an anomaly; each is calibrated apart, so that none eats the false alerts of the others. */
enum Evidence {
    /** The value lies off the forecast. */
    POINT(0),
    /** The value lies off all that the series was so far. */
    NOVELTY(0),
    /** The latest values lie off the forecast, all on the same side. */
    SHIFT(0.4),
    /** The latest values miss the forecast by more than usual, on either side. */
    SPREAD(0.2),
    /** The value repeats where it should move. */
    STUCK(0);

    private final double handicap;

    Evidence(double handicap) {
        this.handicap = handicap;
    }

    /** Sigma that do not count: sums over rows that overlap come close to their extremes more often than single rows. */
    double handicap() {
        return handicap;
    }
}
