package io.smartdata.core.forecast.arima;

/**
 * Orders of a seasonal ARIMA model (p,d,q)(P,D,Q)s in the notation of Box and Jenkins.
 *
 * @param trend polynomial in time added to the differenced series
 */
public record SarimaOrder(int p, int d, int q, int seasonalP, int seasonalD, int seasonalQ, int season, Trend trend) {
    /** What is added to the differenced series. */
    public enum Trend {
        NONE(0),
        CONSTANT(1),
        LINEAR(2);

        private final int terms;

        Trend(int terms) {
            this.terms = terms;
        }

        /** Number of coefficients. */
        int terms() {
            return terms;
        }
    }

    public SarimaOrder {
        boolean seasonal = seasonalP + seasonalD + seasonalQ > 0;
        if (p < 0 || d < 0 || q < 0 || seasonalP < 0 || seasonalD < 0 || seasonalQ < 0 || (seasonal && season < 2)) {
            throw new IllegalArgumentException(
                    "orders must be at least 0 and a season at least 2, were (%d,%d,%d)(%d,%d,%d)%d"
                            .formatted(p, d, q, seasonalP, seasonalD, seasonalQ, season));
        }
        season = seasonal ? season : 1;
    }

    public static SarimaOrder of(int p, int d, int q) {
        return new SarimaOrder(p, d, q, 0, 0, 0, 1, Trend.NONE);
    }

    public SarimaOrder seasonal(int bigP, int bigD, int bigQ, int length) {
        return new SarimaOrder(p, d, q, bigP, bigD, bigQ, length, trend);
    }

    public SarimaOrder with(Trend other) {
        return new SarimaOrder(p, d, q, seasonalP, seasonalD, seasonalQ, season, other);
    }

    /** Number of autoregressive and moving-average coefficients. */
    int coefficients() {
        return p + q + seasonalP + seasonalQ;
    }

    /** Values lost by differencing. */
    int lost() {
        return d + seasonalD * season;
    }

    /** As in a model spec: {@code sarimax(1,1,1)(0,1,1)7}, with {@code +c} or {@code +t} for a trend. */
    String spec() {
        String seasonalPart = season == 1 ? "" : "(%d,%d,%d)%d".formatted(seasonalP, seasonalD, seasonalQ, season);
        String trendPart = trend == Trend.NONE ? "" : trend == Trend.CONSTANT ? "+c" : "+t";
        return "sarimax(%d,%d,%d)%s%s".formatted(p, d, q, seasonalPart, trendPart);
    }
}
