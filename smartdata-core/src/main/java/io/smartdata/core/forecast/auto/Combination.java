package io.smartdata.core.forecast.auto;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.core.forecast.engine.Engine.Path;
import io.smartdata.core.forecast.engine.Quantiles;
import io.smartdata.forecast.FittedModel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Fitted models and what part of the forecast each is.
 *
 * @param models heaviest first
 * @param weights of the models, positive, 1 in all
 * @param trialPaths what the combination foretold in each trial
 * @param error mean absolute error of it in the trials
 * @param leftOut why some were not taken
 */
record Combination(
        List<FittedModel> models, double[] weights, List<Path> trialPaths, double error, List<String> leftOut) {
    private static final String WEIGHT = "weight.";
    /** Weights fall with this power of the error: with its square as for independent errors (Bates and Granger 1969). */
    private static final double POWER = 2;
    /** Smaller weights only cost time. */
    private static final double LEAST_WEIGHT = 0.02;

    /** Variance between the means counts that much: the errors models have in common do not show in it. */
    private static final double DISAGREEMENT = 2;
    /** An error of this part of the values is rounding: nothing can be added to such a model. */
    private static final double PERFECT = 1e-10;

    private record Member(FittedModel model, List<Path> paths, double error) {}

    static Combination of(Trials trials, List<String> specs, Function<String, Engine> engines) throws CannotFit {
        Map<String, Member> members = new LinkedHashMap<>();
        List<String> leftOut = new ArrayList<>();
        for (String spec : specs) {
            try {
                Member member = member(trials, engines.apply(spec), engines);
                members.putIfAbsent(member.model().id(), member);
                if (member.error() <= PERFECT * trials.scale()) {
                    return weighted(trials, List.of(member), leftOut);
                }
            } catch (CannotFit e) {
                leftOut.add(e.reason());
            }
        }
        if (members.isEmpty()) {
            throw new CannotFit(String.join("; ", leftOut));
        }
        return weighted(trials, List.copyOf(members.values()), leftOut);
    }

    private static Member member(Trials trials, Engine engine, Function<String, Engine> engines) throws CannotFit {
        FittedModel model = engine.fit(trials.request());
        List<Path> paths = trials.run(engines.apply(model.id()), model);
        if (!paths.stream().allMatch(path -> Arrays.stream(path.mean()).allMatch(Double::isFinite))) {
            throw new CannotFit(model.id() + " gave a value that is not finite");
        }
        return new Member(model, paths, trials.error(paths));
    }

    private static Combination weighted(Trials trials, List<Member> members, List<String> leftOut) {
        double best = members.stream().mapToDouble(Member::error).min().orElse(0);
        double[] raw = members.stream()
                .mapToDouble(it -> it.error() == best ? 1 : Math.pow(best / it.error(), POWER))
                .toArray();
        double sum = Arrays.stream(raw).sum();
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < raw.length; k++) {
            if (raw[k] > LEAST_WEIGHT * sum) {
                order.add(k);
            }
        }
        order.sort((a, b) -> Double.compare(raw[b], raw[a]));
        double kept = order.stream().mapToDouble(k -> raw[k]).sum();
        double[] weights = order.stream().mapToDouble(k -> raw[k] / kept).toArray();
        List<Path> paths = new ArrayList<>();
        for (int trial = 0; trial < trials.origins().size(); trial++) {
            int at = trial;
            paths.add(
                    mean(order.stream().map(k -> members.get(k).paths().get(at)).toList(), weights));
        }
        List<FittedModel> models =
                order.stream().map(k -> members.get(k).model()).toList();
        return new Combination(models, weights, paths, trials.error(paths), leftOut);
    }

    /**
     * Means and quantiles weighted alike, the quantiles then spread by how much the means differ: where models disagree
     * all of them may be wrong.
     */
    static Path mean(List<Path> paths, double[] weights) {
        double[] mean = new double[paths.get(0).mean().length];
        double[] disagreement = new double[mean.length];
        for (int h = 0; h < mean.length; h++) {
            for (int k = 0; k < weights.length; k++) {
                mean[h] += weights[k] * paths.get(k).mean()[h];
            }
            for (int k = 0; k < weights.length; k++) {
                disagreement[h] += weights[k] * Math.pow(paths.get(k).mean()[h] - mean[h], 2);
            }
        }
        Quantiles within =
                Quantiles.weighted(paths.stream().map(Path::quantiles).toList(), weights);
        double[] wider = new double[mean.length];
        Arrays.setAll(wider, h -> {
            double deviation = Calibration.deviation(within, h);
            return Math.hypot(deviation, Math.sqrt(DISAGREEMENT * disagreement[h])) - deviation;
        });
        return new Path(
                mean,
                (step, probability) ->
                        within.at(step, probability) + wider[step] * Quantiles.standardNormal(probability));
    }

    /** The weights by the ids of the models. */
    Map<String, Double> parameters() {
        Map<String, Double> result = new LinkedHashMap<>();
        for (int k = 0; k < weights.length; k++) {
            result.put(WEIGHT + models.get(k).id(), weights[k]);
        }
        return result;
    }

    /** The weights of a fitted combination, in the order of its members. */
    static double[] weights(FittedModel model) throws CannotFit {
        double[] result = new double[model.members().size()];
        for (int k = 0; k < result.length; k++) {
            result[k] = ConstantEngine.parameter(
                    model, WEIGHT + model.members().get(k).id());
        }
        return result;
    }
}
