/**
 * What a forecast is, how to ask for one and how far to trust it.
 * Implementations of {@link io.smartdata.forecast.Forecaster} are pure functions that degrade in stated steps.
 */
@NullMarked
package io.smartdata.forecast;

import org.jspecify.annotations.NullMarked;
