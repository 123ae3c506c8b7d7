package io.smartdata.core.forecast.arima;

import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Regressors;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One fixed order of seasonal ARIMA with regressors, by exact maximum likelihood. */
public final class SarimaxEngine implements Engine {
    /** Observations left after differencing for every parameter, at the least. */
    private static final int OBSERVATIONS_A_PARAMETER = 2;

    private final SarimaOrder order;

    public SarimaxEngine(SarimaOrder order) {
        this.order = order;
    }

    @Override
    public String id() {
        return order.spec();
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Regressors regressors = request.regressors();
        if (regressors != null) {
            requireKnownFuture(regressors, request);
        }
        Sample sample = Sample.of(request);
        int parameters = order.coefficients()
                + order.trend().terms()
                + (regressors == null ? 0 : regressors.names().size())
                + 1;
        int needed = needed(order, regressors == null ? 0 : regressors.names().size());
        if (sample.observed() < needed) {
            throw new CannotFit("%s needs %d observed values, there are %d".formatted(id(), needed, sample.observed()));
        }
        SarimaEstimator.Estimate estimate = estimate(sample.values(), sample.regressors(request), request.previous());
        if (!estimate.identified() || estimate.observations() < parameters + 1) {
            throw new CannotFit(id() + " cannot be estimated: too much of a first cycle is missing");
        }
        if (!estimate.usable()) {
            throw new CannotFit(id() + " has no finite likelihood on these values");
        }
        FittedModel model = sample.model(
                request,
                id(),
                named(estimate.parameters(), regressors),
                Double.isNaN(estimate.logLikelihood()) ? null : estimate.logLikelihood(),
                Double.isFinite(estimate.aicc()) ? estimate.aicc() : null,
                List.of(),
                "%s was fitted to %d observed values by exact maximum likelihood.".formatted(id(), sample.observed()));
        return estimate.converged()
                ? model
                : model.withFallbackReason(
                        "the estimation of " + id() + " ran out of iterations; its best parameters so far are used");
    }

    private SarimaEstimator.Estimate estimate(double[] y, double[][] regressors, @Nullable FittedModel previous)
            throws CannotFit {
        return previous != null && previous.id().equals(id()) && previous.version() == VERSION
                ? SarimaEstimator.again(parameters(previous), y, regressors)
                : SarimaEstimator.estimate(order, y, regressors);
    }

    /** Observations an order can be estimated from, at the least. */
    static int needed(SarimaOrder order, int regressors) {
        return order.lost()
                + OBSERVATIONS_A_PARAMETER
                        * (order.coefficients() + order.trend().terms() + regressors + 1);
    }

    private void requireKnownFuture(Regressors regressors, ForecastRequest request) throws CannotFit {
        int size = request.history().size();
        if (!regressors.known(size, size + request.horizon())) {
            throw new CannotFit("the regressors are not known for the next %d steps".formatted(request.horizon()));
        }
    }

    private Map<String, Double> named(SarimaParameters parameters, @Nullable Regressors regressors) {
        Map<String, Double> result = new LinkedHashMap<>();
        double[] coefficients = parameters.coefficients();
        int terms = order.trend().terms();
        for (int k = 0; k < terms; k++) {
            result.put(k == 0 ? "mean" : "slope", coefficients[k]);
        }
        for (int k = terms; k < coefficients.length; k++) {
            result.put("x." + (regressors == null ? k : regressors.names().get(k - terms)), coefficients[k]);
        }
        put(result, "ar.L", 1, parameters.phi());
        put(result, "ma.L", 1, parameters.theta());
        put(result, "ar.S.L", order.season(), parameters.seasonalPhi());
        put(result, "ma.S.L", order.season(), parameters.seasonalTheta());
        result.put("sigma2", parameters.variance());
        return result;
    }

    private static void put(Map<String, Double> map, String prefix, int step, double[] values) {
        for (int k = 0; k < values.length; k++) {
            map.put(prefix + (k + 1) * step, values[k]);
        }
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        SarimaParameters parameters = parameters(model);
        Regressors regressors = request.regressors();
        int terms = order.trend().terms();
        int influences = parameters.coefficients().length - terms;
        if (influences > 0 && regressors == null) {
            throw new CannotFit("%s was fitted with %d regressors, none are given".formatted(id(), influences));
        }
        Sample sample = Sample.of(request);
        double[][] columns = new double[0][];
        if (influences > 0 && regressors != null) {
            requireKnownFuture(regressors, request);
            columns = sample.regressors(request);
            if (columns.length != influences) {
                throw new CannotFit(
                        "%s was fitted with %d regressors, %d are given".formatted(id(), influences, columns.length));
            }
        }
        if (sample.observed() <= order.lost()) {
            throw new CannotFit("%s needs more than %d observed values to start from".formatted(id(), order.lost()));
        }
        if (LagPolynomials.autocovariances(parameters.ar(), parameters.ma(), 0) == null) {
            throw new CannotFit("the stored model %s is not stationary".formatted(model.id()));
        }
        SarimaLikelihood.Prediction prediction = SarimaLikelihood.predict(
                order,
                sample.values(),
                columns,
                parameters.ar(),
                parameters.ma(),
                parameters.coefficients(),
                request.horizon());
        if (!prediction.identified()) {
            throw new CannotFit(id() + " cannot start: too much of a first cycle is missing");
        }
        double[] deviation = Arrays.stream(prediction.variance())
                .map(variance -> Math.sqrt(variance * parameters.variance()))
                .toArray();
        return Path.normal(prediction.mean(), deviation);
    }

    private SarimaParameters parameters(FittedModel model) throws CannotFit {
        double[] values = model.parameters().values().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        int polynomials = values.length - 1 - order.coefficients();
        if (polynomials < order.trend().terms()) {
            throw new CannotFit("the stored model %s lacks parameters".formatted(model.id()));
        }
        int at = polynomials;
        double[] phi = Arrays.copyOfRange(values, at, at += order.p());
        double[] theta = Arrays.copyOfRange(values, at, at += order.q());
        double[] seasonalPhi = Arrays.copyOfRange(values, at, at += order.seasonalP());
        double[] seasonalTheta = Arrays.copyOfRange(values, at, at + order.seasonalQ());
        return new SarimaParameters(
                order,
                phi,
                theta,
                seasonalPhi,
                seasonalTheta,
                Arrays.copyOf(values, polynomials),
                values[values.length - 1]);
    }
}
