package io.smartdata.core.forecast.smoothing;

/**
 * An estimated form, in the scale of the series.
 *
 * @param start before the first value
 * @param sigma standard deviation of the one-step error, relative for multiplicative errors
 * @param logLikelihood Gaussian, at its maximum
 * @param converged false if the search ran out of steps
 */
record EtsFit(
        EtsForm form,
        EtsSmoothing smoothing,
        EtsState start,
        double sigma,
        double logLikelihood,
        double aicc,
        boolean converged) {}
