package io.smartdata.core.forecast.decomposition;

/**
 * Local regression over evenly spaced values with tricube weights. Source: Cleveland 1979, in the form of Cleveland,
 * Cleveland, McRae and Terpenning 1990.
 *
 * @param window values a local fit sees, at least 2
 * @param line true for local lines, false for local means
 * @param jump steps between the points that are fitted; between them the curve is straight
 */
record Loess(int window, boolean line, int jump) {
    /**
     * The smooth curve.
     *
     * @param result as long as {@code y}
     */
    void smooth(double[] y, double[] result) {
        int n = y.length;
        int last = 0;
        result[0] = at(y, 0);
        for (int t = jump; last < n - 1; t += jump) {
            int next = Math.min(t, n - 1);
            result[next] = at(y, next);
            double slope = (result[next] - result[last]) / (next - last);
            for (int k = last + 1; k < next; k++) {
                result[k] = result[last] + slope * (k - last);
            }
            last = next;
        }
    }

    /** The curve at a place that may lie a step outside the values. */
    double at(double[] y, int place) {
        int n = y.length;
        int width = Math.min(window, n);
        int left = Math.max(0, Math.min(n - width, place - (window - 1) / 2));
        int right = left + width - 1;
        double reach = Math.max(place - left, right - place) + Math.max(0, (window - n) / 2);
        double weights = 0;
        double first = 0;
        double second = 0;
        double values = 0;
        double products = 0;
        for (int t = left; t <= right; t++) {
            double distance = t - place;
            double weight = tricube(Math.abs(distance) / reach);
            weights += weight;
            first += weight * distance;
            second += weight * distance * distance;
            values += weight * y[t];
            products += weight * distance * y[t];
        }
        double determinant = weights * second - first * first;
        return line && determinant > 1e-6 * weights * second
                ? (second * values - first * products) / determinant
                : values / weights;
    }

    private static double tricube(double distance) {
        if (distance >= 0.999) {
            return 0;
        }
        double rest = 1 - distance * distance * distance;
        return rest * rest * rest;
    }
}
