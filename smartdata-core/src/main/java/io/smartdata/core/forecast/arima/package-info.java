/** Seasonal ARIMA models with regressors, by exact likelihood. */
@NullMarked
package io.smartdata.core.forecast.arima;

import org.jspecify.annotations.NullMarked;
