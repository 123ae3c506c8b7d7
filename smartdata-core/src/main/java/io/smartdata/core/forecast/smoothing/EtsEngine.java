package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Continuation;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Exponential smoothing in state space form: error, trend and season each additive, multiplicative or absent, chosen by
 * Akaike's corrected criterion or fixed. Gaps are skipped. Sources: Hyndman, Koehler, Snyder and Grose 2002; Hyndman,
 * Koehler, Ord and Snyder, "Forecasting with Exponential Smoothing", 2008.
 */
public final class EtsEngine implements Engine {
    public static final String ID = "ets";
    private static final Pattern SPEC =
            Pattern.compile("ets(?:\\(([amz]),(n|a|ad|z),([namz])\\))?", Pattern.CASE_INSENSITIVE);
    /** More seasonal states than this are neither well estimated nor cheap. */
    private static final int LONGEST_SEASON = 60;

    private final String id;
    private final String error;
    private final String trend;
    private final String season;

    private EtsEngine(String error, String trend, String season) {
        this.error = EtsForm.canonical(error);
        this.trend = EtsForm.canonical(trend);
        this.season = EtsForm.canonical(season);
        this.id = (error + trend + season).equalsIgnoreCase("zzz")
                ? ID
                : "ets(%s,%s,%s)".formatted(this.error, this.trend, this.season);
    }

    /** True for {@code ets} and for letters as in {@code ets(A,Ad,Z)}, in any case; Z leaves the choice to the data. */
    public static boolean knows(String spec) {
        return SPEC.matcher(spec).matches();
    }

    /** @param spec as {@link #knows} */
    public static EtsEngine of(String spec) {
        Matcher matcher = SPEC.matcher(spec);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an ets model: " + spec);
        }
        return matcher.group(1) == null
                ? new EtsEngine("Z", "Z", "Z")
                : new EtsEngine(matcher.group(1), matcher.group(2), matcher.group(3));
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public boolean serves(FittedModel model) {
        EtsForm form = EtsForm.of(model.id());
        return form != null && form.matches(error, trend, season);
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        double[] y = sample.values();
        double scale = Scale.of(y, id);
        EtsEstimator estimator = new EtsEstimator(y, sample.filled(), request.season(), scale);
        List<EtsForm> forms =
                forms(request, y).stream().filter(estimator::enough).toList();
        if (forms.isEmpty()) {
            throw new CannotFit("%s does not suit %d observed values%s with a season of %d"
                    .formatted(id, sample.observed(), positive(y) ? "" : " not all above zero", request.season()));
        }
        EtsFit fit =
                estimator.best(forms).orElseThrow(() -> new CannotFit(id + " found no form with a finite likelihood"));
        return sample.model(
                request,
                fit.form().id(),
                parameters(fit, y),
                fit.logLikelihood(),
                fit.aicc(),
                List.of(),
                explanation(fit, forms.size(), sample.observed(), request.season()));
    }

    private List<EtsForm> forms(ForecastRequest request, double[] y) {
        boolean positive = positive(y);
        List<EtsForm> result = new ArrayList<>();
        for (EtsForm form : EtsForm.all()) {
            boolean fixed = !error.equals("Z") && !season.equals("Z");
            boolean suits = (positive || !form.needsPositive())
                    && (fixed || form.sound())
                    && (!form.seasonal() || request.season() > 1 && request.season() <= LONGEST_SEASON);
            if (suits && form.matches(error, trend, season)) {
                result.add(form);
            }
        }
        return result;
    }

    private static boolean positive(double[] y) {
        return Arrays.stream(y).noneMatch(it -> it <= 0);
    }

    private static Map<String, Double> parameters(EtsFit fit, double[] y) {
        EtsFilter filter = new EtsFilter(fit.form(), fit.smoothing(), fit.start());
        for (double value : y) {
            filter.next(value);
        }
        Map<String, Double> result = new LinkedHashMap<>();
        result.put("alpha", fit.smoothing().alpha());
        result.put("beta", fit.smoothing().beta());
        result.put("gamma", fit.smoothing().gamma());
        result.put("phi", fit.smoothing().phi());
        result.put("sigma", fit.sigma());
        result.put("converged", fit.converged() ? 1.0 : 0.0);
        fit.start().store("first.", result);
        filter.state().store("last.", result);
        return result;
    }

    private static String explanation(EtsFit fit, int forms, int observed, int season) {
        return "Exponential smoothing %s%s was %s %d observed values."
                .formatted(
                        fit.form().name(),
                        fit.form().seasonal() ? " with a cycle of %d steps".formatted(season) : "",
                        forms == 1 ? "fitted to" : "chosen by AICc out of %d forms fitted to".formatted(forms),
                        observed);
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        EtsForm form = EtsForm.of(model.id());
        if (form == null) {
            throw new CannotFit("the stored model %s is not exponential smoothing".formatted(model.id()));
        }
        EtsSmoothing smoothing = new EtsSmoothing(
                ConstantEngine.parameter(model, "alpha"),
                ConstantEngine.parameter(model, "beta"),
                ConstantEngine.parameter(model, "gamma"),
                ConstantEngine.parameter(model, "phi"));
        Continuation continuation = Continuation.of(model, request);
        EtsState state = EtsState.stored(continuation.afterTraining() ? "last." : "first.", model);
        EtsFilter filter = new EtsFilter(form, smoothing, state);
        for (double value : continuation.values()) {
            filter.next(value);
        }
        return new EtsOutlook(form, smoothing, ConstantEngine.parameter(model, "sigma"))
                .path(filter, request.horizon());
    }
}
