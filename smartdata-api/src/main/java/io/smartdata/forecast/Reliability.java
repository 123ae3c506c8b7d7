package io.smartdata.forecast;

import static java.util.Objects.requireNonNull;

import java.time.LocalDateTime;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How good the forecasts of a model would have been, had it been asked earlier.
 *
 * @param spec spec of the forecaster that was tried, the very one that is served
 * @param horizon steps a fold, at least 1
 * @param folds oldest first; only folds with something to compare
 * @param total errors over all folds, each step counting once; null without folds
 * @param score 0 to 100, higher is better; null if fewer than two folds could be judged
 * @since 0.1.0
 */
public record Reliability(
        String spec,
        int horizon,
        List<Fold> folds,
        @Nullable ForecastErrors total,
        @Nullable Integer score) {
    public Reliability {
        requireNonNull(spec, "spec");
        folds = List.copyOf(folds);
    }

    /** The score as a mark. */
    public Grade grade() {
        return Grade.of(score);
    }

    /**
     * One origin: everything before it was learnt from, the steps after it were predicted.
     *
     * @param modelId the model served in this fold
     * @param trainedUntil local time just after the last value learnt from
     * @param trainingSize values learnt from, gaps included
     * @param errors against what came true
     */
    public record Fold(String modelId, LocalDateTime trainedUntil, int trainingSize, ForecastErrors errors) {
        public Fold {
            requireNonNull(modelId, "modelId");
            requireNonNull(trainedUntil, "trainedUntil");
            requireNonNull(errors, "errors");
        }
    }
}
