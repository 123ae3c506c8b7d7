package io.smartdata.forecast;

import static java.util.Objects.requireNonNull;

import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a forecaster has learnt: plain data, meant to be stored and used again without learning anew.
 *
 * @param id the model that was really fitted, in the words of a model spec, for example {@code sarimax(1,1,1)(0,1,1)7}
 * @param version version of the meaning of the parameters; a forecaster learns anew from a version it does not know
 * @param parameters by name, in a fixed order; all finite
 * @param logLikelihood exact Gaussian log-likelihood, null where the model has none
 * @param aicc corrected Akaike information criterion, null where the model has none
 * @param trainedFrom local time of the first value learnt from
 * @param trainedUntil local time just after the last value learnt from
 * @param observations values learnt from, gaps not counted
 * @param members models a combination consists of; empty for a single model
 * @param fallbackReason why a simpler model than the one asked for was fitted; null if it was not
 * @param explanation one sentence for people
 * @since 0.1.0
 */
public record FittedModel(
        String id,
        int version,
        Map<String, Double> parameters,
        @Nullable Double logLikelihood,
        @Nullable Double aicc,
        LocalDateTime trainedFrom,
        LocalDateTime trainedUntil,
        int observations,
        List<FittedModel> members,
        @Nullable String fallbackReason,
        String explanation) {
    public FittedModel {
        requireNonNull(id, "id");
        requireNonNull(trainedFrom, "trainedFrom");
        requireNonNull(trainedUntil, "trainedUntil");
        requireNonNull(explanation, "explanation");
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        members = List.copyOf(members);
        if (!parameters.values().stream().allMatch(Double::isFinite)) {
            throw new IllegalArgumentException("parameters must be finite, were " + parameters);
        }
    }

    /** A copy with another id, for a model that works on other values. */
    public FittedModel withId(String other) {
        return new FittedModel(
                other,
                version,
                parameters,
                logLikelihood,
                aicc,
                trainedFrom,
                trainedUntil,
                observations,
                members,
                fallbackReason,
                explanation);
    }

    /** A copy that says why it stands in for the model asked for. */
    public FittedModel withFallbackReason(String reason) {
        return new FittedModel(
                id,
                version,
                parameters,
                logLikelihood,
                aicc,
                trainedFrom,
                trainedUntil,
                observations,
                members,
                reason,
                explanation);
    }
}
