package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Continuation;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Quantiles;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rare demand: sizes and waiting times (or the chance of a demand) are smoothed apart. Every step has the same mean; its
 * quantiles are those of a demand that comes with that chance in a size drawn from those seen. Sources: Croston 1972;
 * Syntetos and Boylan 2005; Teunter, Syntetos and Babai 2011.
 */
public final class CrostonEngine implements Engine {
    private static final int FEWEST_DEMANDS = 2;
    /** Usual constants for rare demand (Syntetos and Boylan 2005); the best in hindsight is taken. */
    private static final double[] CONSTANTS = {0.02, 0.05, 0.1, 0.2, 0.3};
    /** Steps between the stored quantiles of the sizes. */
    private static final int SIZES = 20;

    /** What is made of size and time. */
    public enum Kind {
        /** Size over interval; a little too high. */
        CROSTON("croston"),
        /** The same without its bias. */
        SBA("sba"),
        /** Size times probability, which falls while no demand comes. */
        TSB("tsb");

        private final String id;

        Kind(String id) {
            this.id = id;
        }
    }

    private final Kind kind;

    public CrostonEngine(Kind kind) {
        this.kind = kind;
    }

    @Override
    public String id() {
        return kind.id;
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        double[] y = sample.values();
        double[] sizes = Arrays.stream(y).filter(value -> value > 0).sorted().toArray();
        if (Arrays.stream(y).anyMatch(value -> value < 0) || sizes.length < FEWEST_DEMANDS) {
            throw new CannotFit("%s needs %d values above zero and none below".formatted(kind.id, FEWEST_DEMANDS));
        }
        double meanSize = Arrays.stream(sizes).map(size -> size / sizes.length).sum();
        double share = (double) sizes.length / sample.observed();
        DemandState start = new DemandState(meanSize, 1 / share, share, 0);
        double[] best = constants(y, start);
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("alpha", best[0]);
        parameters.put("beta", best[1]);
        start.store("first.", parameters);
        after(start, y, best[0], best[1]).store("last.", parameters);
        for (int k = 0; k <= SIZES; k++) {
            parameters.put("size." + k, sizes[(sizes.length - 1) * k / SIZES]);
        }
        return sample.model(
                request,
                kind.id,
                parameters,
                null,
                null,
                List.of(),
                "Sizes and times of %d demands in %d observed values were smoothed apart (%s)."
                        .formatted(sizes.length, sample.observed(), kind.id));
    }

    /** Of size and of time, those with the least squared errors of the mean. */
    private double[] constants(double[] y, DemandState start) {
        double[] best = {CONSTANTS[0], CONSTANTS[0]};
        double least = Double.POSITIVE_INFINITY;
        for (double ofSize : CONSTANTS) {
            for (double ofTime : kind == Kind.TSB ? CONSTANTS : new double[] {ofSize}) {
                double squares = squares(y, start, ofSize, ofTime);
                if (squares < least) {
                    least = squares;
                    best = new double[] {ofSize, ofTime};
                }
            }
        }
        return best;
    }

    private double squares(double[] y, DemandState start, double ofSize, double ofTime) {
        DemandState state = start;
        double sum = 0;
        for (double value : y) {
            if (!Double.isNaN(value)) {
                // in units of the first size, so that squares stay finite
                double error = (value - mean(state, ofTime)) / start.size();
                sum += error * error;
            }
            state = state.after(value, ofSize, ofTime);
        }
        return sum;
    }

    private double mean(DemandState state, double ofTime) {
        return switch (kind) {
            case CROSTON -> state.size() / state.interval();
            case SBA -> (1 - ofTime / 2) * state.size() / state.interval();
            case TSB -> state.size() * state.probability();
        };
    }

    private static DemandState after(DemandState from, double[] y, double ofSize, double ofTime) {
        DemandState state = from;
        for (double value : y) {
            state = state.after(value, ofSize, ofTime);
        }
        return state;
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        double ofSize = ConstantEngine.parameter(model, "alpha");
        double ofTime = ConstantEngine.parameter(model, "beta");
        Continuation continuation = Continuation.of(model, request);
        DemandState from = DemandState.stored(continuation.afterTraining() ? "last." : "first.", model);
        DemandState now = after(from, continuation.values(), ofSize, ofTime);
        double[] sizes = new double[SIZES + 1];
        for (int k = 0; k <= SIZES; k++) {
            sizes[k] = ConstantEngine.parameter(model, "size." + k);
        }
        double[] mean = new double[request.horizon()];
        Arrays.fill(mean, mean(now, ofTime));
        double chance = kind == Kind.TSB ? now.probability() : Math.min(1, 1 / now.interval());
        Quantiles quantiles = (step, probability) -> quantile(sizes, chance, probability);
        return new Path(mean, quantiles);
    }

    private static double quantile(double[] sizes, double chance, double probability) {
        double among = (probability - (1 - chance)) / chance;
        return among <= 0 ? 0 : sizes[(int) Math.ceil(Math.min(1, among) * SIZES)];
    }
}
