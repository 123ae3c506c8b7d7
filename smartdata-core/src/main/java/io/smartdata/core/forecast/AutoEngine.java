package io.smartdata.core.forecast;

import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A weighted mean of a few models that err in different ways: seasonal ARIMA with and without differencing and on
 * logarithms, and Theta. Each is tried on the last stretches of the history; its weight falls with its error there, and
 * the seasonal naive forecast joins where it was no worse than the rest. A first floor: fixed orders, no search.
 * Sources: Petropoulos and Svetunkov 2020 (simple combination); Bates and Granger 1969 (weights from past errors).
 */
final class AutoEngine implements Engine {
    static final String ID = "auto";
    private static final String WEIGHT = "weight.";
    private static final int FEWEST_CYCLES = 3;
    private static final int FEWEST_OBSERVATIONS = 12;
    /** The cost of a seasonal ARIMA step grows with the season. */
    private static final int LONGEST_SARIMA_SEASON = 60;

    private static final int TRIALS = Integer.getInteger("trials", 3);
    static double POWER = Double.parseDouble(System.getProperty("power", "1"));
    static double NAIVE = Double.parseDouble(System.getProperty("naive", "1"));

    @Override
    public String id() {
        return ID;
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        int season = request.season();
        int needed = Math.max(FEWEST_OBSERVATIONS, FEWEST_CYCLES * season);
        if (sample.observed() < needed) {
            throw new CannotFit("auto needs %d observed values to compare models, there are %d"
                    .formatted(needed, sample.observed()));
        }
        Map<FittedModel, Double> errors = new LinkedHashMap<>();
        for (Engine engine : candidates(request)) {
            try {
                FittedModel model = engine.fit(request);
                errors.put(model, error(engine, model, request));
            } catch (CannotFit e) {
                continue;
            }
        }
        return combined(request, sample, errors);
    }

    private static List<Engine> candidates(ForecastRequest request) {
        int season = request.season();
        String s = System.getProperty(season>1?"seasonal":"plain", season>1? "sarimax(0,1,1)(0,1,1)S;log:sarimax(1,1,1)(0,1,1)S;sarimax(1,0,1)(1,0,1)S+c;log:theta;seasonal-naive":"sarimax(0,1,1);sarimax(1,1,2);theta;log:theta;seasonal-naive");
        List<Engine> l = new ArrayList<>();
        for (String x : s.split(";")) { boolean log = x.startsWith("log:"); if (log) x = x.substring(4);
            Engine e = x.equals("theta") ? new ThetaEngine() : x.equals("seasonal-naive") ? new SeasonalNaiveEngine() : new SarimaxEngine(Forecasters.order(x, x.replace("S", "" + season)));
            l.add(log && LogEngine.possible(request) ? new LogEngine(e) : e); }
        return l;
    }

    /** Mean absolute error over the last stretches, predicted with the parameters of the whole history. */
    private static double error(Engine engine, FittedModel model, ForecastRequest request) throws CannotFit {
        int size = request.history().size();
        int horizon = Math.min(request.horizon(), Math.max(1, size / 8));
        double sum = 0;
        int count = 0;
        for (int trial = 1; trial <= TRIALS; trial++) {
            int cut = size - trial * horizon;
            ForecastRequest past = request.withHistory(request.history().slice(0, cut)).withHorizon(horizon);
            double[] mean = engine.path(model, past).mean();
            for (int h = 0; h < horizon; h++) {
                double actual = request.history().value(cut + h);
                if (!Double.isNaN(actual)) {
                    sum += Math.abs(actual - mean[h]);
                    count++;
                }
            }
        }
        return count == 0 ? 1 : sum / count;
    }

    private FittedModel combined(ForecastRequest request, Sample sample, Map<FittedModel, Double> errors)
            throws CannotFit {
        if (errors.isEmpty()) {
            throw new CannotFit("no model of auto could be fitted");
        }
        double best = errors.values().stream().mapToDouble(it -> it).min().orElseThrow();
        Map<String, Double> weights = new LinkedHashMap<>();
        double total = 0;
        for (var entry : errors.entrySet()) {
            double w = best == 0 ? (entry.getValue() == 0 ? 1 : 0) : Math.pow(best / entry.getValue(), POWER);
            if (entry.getKey().id().equals("seasonal-naive")) w *= best == 0 ? 1 : (NAIVE >= 10 ? (entry.getValue() <= best ? 1 : 0) : NAIVE);
            weights.put(WEIGHT + entry.getKey().id(), w);
            total += w;
        }
        double sum = total;
        weights.replaceAll((k, v) -> v / sum);
        return sample.model(request, ID, weights, null, null, List.copyOf(errors.keySet()), "x");
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        double[] mean = new double[request.horizon()];
        double[] deviation = new double[mean.length];
        for (FittedModel member : model.members()) {
            double weight = ConstantEngine.parameter(model, WEIGHT + member.id());
            Path path = Forecasters.engine(member.id()).path(member, request);
            for (int h = 0; h < mean.length; h++) {
                mean[h] += weight * path.mean()[h];
                deviation[h] += weight * path.deviation()[h];
            }
        }
        return new Path(mean, deviation);
    }

    private static Engine engine(String id) throws CannotFit {
        return Forecasters.engine(id);
    }
}
