package io.smartdata.forecast;

import org.jspecify.annotations.Nullable;

/**
 * Errors of predictions against what came true; steps whose value is missing are left out.
 *
 * @param points predictions compared, at least 1
 * @param mae mean absolute error, in the unit of the series
 * @param rmse root mean squared error, in the unit of the series
 * @param bias mean of prediction minus actual, in the unit of the series
 * @param smape mean of 200 |y - f| / (|y| + |f|), 0 to 200; 0 where both are zero
 * @param wape sum of absolute errors over sum of absolute actuals, as a fraction; null if the actuals are all zero
 * @param mape mean of 100 |y - f| / |y| in percent; null if an actual is zero
 * @param mase mean absolute error over the mean absolute seasonal difference of the training part (Hyndman and Koehler
 *     2006); null if that difference is zero or unknown
 * @param coverage share of actuals inside the widest requested interval, 0 to 1; null if no interval was requested
 * @since 0.1.0
 */
public record ForecastErrors(
        int points,
        double mae,
        double rmse,
        double bias,
        double smape,
        @Nullable Double wape,
        @Nullable Double mape,
        @Nullable Double mase,
        @Nullable Double coverage) {}
