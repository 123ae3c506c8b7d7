package io.smartdata.core.forecast.engine;

import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;

/** One kind of model, without the ladder of fallbacks around it; see {@link io.smartdata.core.forecast.Forecasters}. */
public interface Engine {
    /** Version of the meaning of the parameters of all engines. */
    int VERSION = 1;

    /** As in a model spec; what a fitted model is recognised by. */
    String id();

    /** True if a fitted model is one of this engine's; one that chooses among models knows them all. */
    default boolean serves(FittedModel model) {
        return id().equals(model.id());
    }

    /**
     * Learns from the history.
     *
     * @param request its history has at least one observation
     * @throws CannotFit if the data do not allow this model
     */
    FittedModel fit(ForecastRequest request) throws CannotFit;

    /**
     * The steps after the history, estimating nothing.
     *
     * @param model made by {@link #fit}
     * @throws CannotFit if the model does not suit the data any more
     */
    Path path(FittedModel model, ForecastRequest request) throws CannotFit;

    /**
     * Predicted means, step 1 first, and the quantiles around them, in the unit of the series.
     *
     * @param quantiles of the same steps
     */
    record Path(double[] mean, Quantiles quantiles) {
        /** @param deviation standard deviations, at least 0 */
        public static Path normal(double[] mean, double[] deviation) {
            return new Path(mean, Quantiles.normal(mean, deviation));
        }
    }

    /** The data do not allow a model: reason to step down, never seen outside this package. */
    final class CannotFit extends Exception {
        private static final long serialVersionUID = 1L;

        public CannotFit(String reason) {
            super(reason, null, false, false);
        }

        public String reason() {
            return String.valueOf(getMessage());
        }
    }
}
