package io.smartdata.forecast;

/**
 * Predicts the next values of a series. Stateless and thread-safe: all that is learnt is in the {@link FittedModel}.
 *
 * <p>Never throws because of the data and never answers NaN: too little history, constants, gaps or a failed estimation
 * degrade to a simpler model, and {@link Forecast#fallbackReason()} says why. A history without one observation gives a
 * forecast without points. The same request gives the same answer. What an implementation must do is written down in
 * {@code ForecasterContract}, part of the test-jar of smartdata-api.
 *
 * @since 0.1.0
 */
public interface Forecaster {
    /** How this forecaster is asked for, for example {@code auto} or {@code sarimax(1,1,1)(0,1,1)7}. */
    String spec();

    /** Learns from the history, the regressors and the seasons of the request; the costly part, done once in a while. */
    FittedModel fit(ForecastRequest request);

    /**
     * Runs a model learnt earlier over the history, which may have grown since, and predicts; estimates nothing.
     *
     * @param model made by {@link #fit} of a forecaster with the same {@link #spec()}, perhaps stored in between
     */
    Forecast forecast(FittedModel model, ForecastRequest request);

    /** Learns and predicts in one go. */
    default Forecast forecast(ForecastRequest request) {
        return forecast(fit(request), request);
    }
}
