package io.smartdata.core.forecast.arima;

/**
 * Values of all parameters of a seasonal ARIMA model; moving averages with plus signs, as in R and statsmodels.
 *
 * @param coefficients of the trend (as the mean of the differenced series), then of the regressors
 * @param variance of the innovations
 */
record SarimaParameters(
        SarimaOrder order,
        double[] phi,
        double[] theta,
        double[] seasonalPhi,
        double[] seasonalTheta,
        double[] coefficients,
        double variance) {
    /** Recursion coefficients of the whole autoregressive polynomial. */
    double[] ar() {
        return LagPolynomials.product(phi, seasonalPhi, order.season());
    }

    /** Coefficients of the whole moving-average polynomial. */
    double[] ma() {
        return LagPolynomials.movingAverage(theta, seasonalTheta, order.season());
    }
}
