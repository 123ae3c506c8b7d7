package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.Engine.Path;

/**
 * Means and variances of the steps ahead. An error of step i moves the mean of step h by a factor c(i, h) that the form
 * gives; multiplicative errors grow with the mean and with what earlier errors did to it. This is exact for the linear forms
 * (Hyndman et al. 2008, tables 6.1 and 6.2) and of first order where level and season multiply (6.3).
 *
 * @param sigma of the one-step error, relative for multiplicative errors
 */
record EtsOutlook(EtsForm form, EtsSmoothing smoothing, double sigma) {
    /** @param filter at the end of the history; moved on */
    Path path(EtsFilter filter, int horizon) {
        double[] mean = new double[horizon];
        double[] base = new double[horizon];
        double[] season = new double[horizon];
        int cycle = filter.state().season().length;
        for (int h = 0; h < horizon; h++) {
            mean[h] = filter.mean();
            base[h] = filter.base();
            season[h] = filter.season();
            filter.next(Double.NaN);
        }
        return Path.normal(mean, deviations(mean, base, season, cycle));
    }

    private double[] deviations(double[] mean, double[] base, double[] season, int cycle) {
        int horizon = mean.length;
        double[] byDistance = new double[horizon];
        double damped = 0;
        double power = 1;
        for (int j = 1; j < horizon; j++) {
            power *= smoothing.phi();
            damped += power;
            byDistance[j] = smoothing.alpha() + smoothing.beta() * damped;
        }
        double[] errors = new double[horizon];
        double[] deviations = new double[horizon];
        for (int h = 0; h < horizon; h++) {
            double spread = 0;
            for (int i = 0; i < h; i++) {
                double factor = byDistance[h - i] * (form.product() ? season[h] / season[i] : 1);
                if ((h - i) % cycle == 0) {
                    factor += smoothing.gamma() * (form.product() ? base[h] / base[i] : 1);
                }
                spread += factor * factor * errors[i];
            }
            errors[h] = sigma * sigma * (form.relative() ? mean[h] * mean[h] + spread : 1);
            deviations[h] = Math.sqrt(spread + errors[h]);
        }
        return deviations;
    }
}
