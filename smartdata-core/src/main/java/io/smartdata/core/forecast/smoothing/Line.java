package io.smartdata.core.forecast.smoothing;

/**
 * A straight line by least squares.
 *
 * @param first its value at the first of the values
 */
record Line(double first, double slope) {
    /** @param y at least one observed; NaN = gap */
    static Line through(double[] y) {
        double n = 0;
        double meanT = 0;
        double meanY = 0;
        for (int t = 0; t < y.length; t++) {
            if (!Double.isNaN(y[t])) {
                n++;
                meanT += (t - meanT) / n;
                meanY += (y[t] - meanY) / n;
            }
        }
        double above = 0;
        double below = 0;
        for (int t = 0; t < y.length; t++) {
            if (!Double.isNaN(y[t])) {
                above += (t - meanT) * (y[t] - meanY);
                below += (t - meanT) * (t - meanT);
            }
        }
        double slope = below == 0 ? 0 : above / below;
        return new Line(meanY - slope * meanT, slope);
    }
}
