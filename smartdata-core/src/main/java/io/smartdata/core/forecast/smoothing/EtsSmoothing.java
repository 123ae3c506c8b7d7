package io.smartdata.core.forecast.smoothing;

/**
 * The constants of exponential smoothing.
 *
 * @param beta 0 without a trend
 * @param gamma 0 without a season
 * @param phi 1 without damping
 */
record EtsSmoothing(double alpha, double beta, double gamma, double phi) {}
