/**
 * Forecasting engines: SARIMAX by exact likelihood, simple baselines, and {@code auto}, which chooses and explains.
 * All are pure functions; {@link io.smartdata.core.forecast.Forecasters} is the only door.
 */
@NullMarked
package io.smartdata.core.forecast;

import org.jspecify.annotations.NullMarked;
