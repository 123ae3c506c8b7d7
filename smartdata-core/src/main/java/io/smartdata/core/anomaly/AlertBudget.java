package io.smartdata.core.anomaly;

import java.util.Arrays;

/**
 * How many alerts people are asked to read for nothing. An anomaly is a verdict about one value; which anomalies are alerts
 * is decided once for all values that were judged together, be it one KPI or a night over thousands.
 *
 * <p>Two limits hold at once. Seldom: so far out by chance are at most so many of 1 000 values. Worth reading: at most that
 * share of the alerts is false, by the procedure of Benjamini and Hochberg, "Controlling the false discovery rate", JRSS B
 * 1995, cut off at the first limit; it holds for series that are independent or move together. The first one rules for few
 * values, the second for many: of ten thousand quiet KPIs a night shows none, not ten.
 *
 * @param falsePerThousand most false alerts expected in 1 000 judged values, above 0, at most 1000
 * @param falseShare most of the alerts that are expected to be false, above 0, at most 1
 * @since 0.1.0
 */
public record AlertBudget(double falsePerThousand, double falseShare) {
    private static final AlertBudget DEFAULTS = new AlertBudget(1, 0.1);

    /** @throws IllegalArgumentException if a limit is out of its range */
    public AlertBudget {
        if (!(falsePerThousand > 0 && falsePerThousand <= 1000) || !(falseShare > 0 && falseShare <= 1)) {
            throw new IllegalArgumentException(
                    "falsePerThousand must be above 0 and at most 1000, falseShare above 0 and at most 1, were %s and %s"
                            .formatted(falsePerThousand, falseShare));
        }
    }

    /** One of a thousand values, one of ten alerts. */
    public static AlertBudget defaults() {
        return DEFAULTS;
    }

    /**
     * The least size of a score that is an alert.
     *
     * @param judged values that were judged, those without anomaly included; at least the number of scores
     * @param scores of the anomalies among them, signed sigma; not modified
     * @return positive infinity if none is an alert
     */
    public double leastScore(long judged, double[] scores) {
        double[] sizes = Arrays.stream(scores).map(Math::abs).sorted().toArray();
        double seldom = Math.log(falsePerThousand / 1000);
        for (int i = 0; i < sizes.length; i++) {
            double sharedByAsManyAlerts = Math.log((sizes.length - i) * falseShare / judged);
            if (NormalTail.logP(sizes[i]) <= Math.min(seldom, sharedByAsManyAlerts)) {
                return sizes[i];
            }
        }
        return Double.POSITIVE_INFINITY;
    }
}
