package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Continuation;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Complex exponential smoothing: one complex constant serves level and trend, so that the two need not be told apart; the
 * season none, partial or full, by Akaike's corrected criterion. Source: Svetunkov, Kourentzes and Ord, "Complex exponential
 * smoothing", Naval Research Logistics 2022.
 */
public final class CesEngine implements Engine {
    public static final String ID = "ces";

    @Override
    public String id() {
        return ID;
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        double scale = Scale.of(sample.values(), ID);
        double[] y = Scale.divided(sample.values(), scale);
        double[] filled = Scale.divided(sample.filled(), scale);
        int season = request.season();
        CesEstimator.Fit fit = Arrays.stream(CesForm.values())
                .filter(form -> form.suits(season, sample.observed()))
                .map(form -> new CesEstimator(y, filled, form, season).fit(scale))
                .filter(it -> Double.isFinite(it.aicc()))
                .min(Comparator.comparingDouble(CesEstimator.Fit::aicc))
                .orElseThrow(() -> new CannotFit(
                        "ces needs more than the %d observed values there are".formatted(sample.observed())));
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("form", (double) fit.form().ordinal());
        parameters.put("alpha.real", fit.constants().alphaReal());
        parameters.put("alpha.imaginary", fit.constants().alphaImaginary());
        parameters.put("beta.real", fit.constants().betaReal());
        parameters.put("beta.imaginary", fit.constants().betaImaginary());
        parameters.put("sigma", fit.sigma());
        fit.start().store("first.", parameters);
        CesFilter.after(fit.form(), fit.constants(), fit.start(), sample.values())
                .store("last.", parameters);
        return sample.model(
                request,
                ID,
                parameters,
                -0.5 * fit.deviance(),
                fit.aicc(),
                List.of(),
                "Complex exponential smoothing %s was fitted to %d observed values."
                        .formatted(
                                switch (fit.form()) {
                                    case NONE -> "without a season";
                                    case PARTIAL -> "with a partial season of %d steps".formatted(season);
                                    case FULL -> "with a full season of %d steps".formatted(season);
                                },
                                sample.observed()));
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        CesForm form = CesForm.values()[(int) ConstantEngine.parameter(model, "form")];
        CesConstants constants = new CesConstants(
                ConstantEngine.parameter(model, "alpha.real"),
                ConstantEngine.parameter(model, "alpha.imaginary"),
                ConstantEngine.parameter(model, "beta.real"),
                ConstantEngine.parameter(model, "beta.imaginary"));
        double sigma = ConstantEngine.parameter(model, "sigma");
        Continuation continuation = Continuation.of(model, request);
        CesState from = CesState.stored(continuation.afterTraining() ? "last." : "first.", model);
        CesState now = CesFilter.after(form, constants, from, continuation.values());
        CesFilter filter = new CesFilter(form, constants, now);
        CesFilter shocked = new CesFilter(form, constants, now);
        double[] mean = new double[request.horizon()];
        double[] deviation = new double[mean.length];
        double variance = sigma * sigma;
        for (int h = 0; h < mean.length; h++) {
            mean[h] = filter.mean();
            // the means are linear in the values: what a first error of sigma does to this one
            double effect = h == 0 ? 0 : shocked.mean() - mean[h];
            variance += effect * effect;
            deviation[h] = Math.sqrt(variance);
            shocked.next(h == 0 ? mean[h] + sigma : Double.NaN);
            filter.next(Double.NaN);
        }
        return Path.normal(mean, deviation);
    }
}
