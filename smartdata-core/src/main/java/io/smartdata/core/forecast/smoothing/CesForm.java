package io.smartdata.core.forecast.smoothing;

/** How the season enters complex exponential smoothing. */
enum CesForm {
    /** Not at all. */
    NONE,
    /** Added, with a smoothing constant of its own. */
    PARTIAL,
    /** Added, a complex number of its own at each place of the cycle. */
    FULL;

    private static final int FEWEST = 6;
    private static final int LONGEST_SEASON = 60;

    boolean seasonal() {
        return this != NONE;
    }

    /** Real numbers to estimate. */
    int constants() {
        return switch (this) {
            case NONE -> 2;
            case PARTIAL -> 3;
            case FULL -> 4;
        };
    }

    /** True if there are enough values to estimate it from. */
    boolean suits(int season, int observed) {
        return seasonal()
                ? season > 1 && season <= LONGEST_SEASON && observed > 2 * season + constants()
                : observed > FEWEST;
    }
}
