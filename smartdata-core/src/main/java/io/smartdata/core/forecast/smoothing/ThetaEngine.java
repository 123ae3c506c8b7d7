package io.smartdata.core.forecast.smoothing;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine;
import io.smartdata.core.forecast.engine.Sample;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The Theta method: simple exponential smoothing with half the linear trend as drift, after classical seasonal
 * adjustment where the autocorrelation at the season is significant. Sources: Assimakopoulos and Nikolopoulos 2000;
 * Hyndman and Billah 2003. Gaps are filled along straight lines for the seasonal indices and skipped by the smoothing.
 */
public final class ThetaEngine implements Engine {
    public static final String ID = "theta";
    private static final int FEWEST_OBSERVATIONS = 6;
    /** Two-sided 90 % point of the normal distribution, as in the M4 benchmarks. */
    private static final double SIGNIFICANT = 1.645;

    @Override
    public String id() {
        return ID;
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        if (sample.observed() < FEWEST_OBSERVATIONS) {
            throw new CannotFit(
                    "theta needs %d observed values, there are %d".formatted(FEWEST_OBSERVATIONS, sample.observed()));
        }
        int season = request.season();
        double[] filled = sample.filled();
        boolean seasonal = season > 1 && filled.length >= 3 * season && seasonal(filled, season);
        boolean multiplicative = seasonal && Arrays.stream(filled).allMatch(value -> value > 0);
        double[] indices = seasonal ? indices(filled, season, multiplicative) : new double[] {multiplicative ? 1 : 0};
        double[] adjusted = adjusted(sample.values(), indices, multiplicative);
        double drift = slope(adjusted) / 2;
        double alpha = smoothing(adjusted);
        Smoothed end = smooth(adjusted, alpha);
        Map<String, Double> parameters = new LinkedHashMap<>();
        parameters.put("alpha", alpha);
        parameters.put("drift", drift);
        parameters.put("sigma2", end.squares() / Math.max(1, end.count()));
        parameters.put("multiplicative", multiplicative ? 1.0 : 0.0);
        for (int k = 0; k < indices.length; k++) {
            parameters.put("season." + k, indices[k]);
        }
        // the season is anchored at the calendar, so that a window that slides keeps its phase
        parameters.put("anchor", (double) Math.floorMod(phase(request, sample), indices.length));
        return sample.model(
                request,
                ID,
                parameters,
                null,
                null,
                List.of(),
                "Exponential smoothing with half the linear trend (Theta)%s was fitted to %d observed values."
                        .formatted(seasonal ? " and a cycle of %d steps".formatted(season) : "", sample.observed()));
    }

    /** Steps of the first observation since 1970 in local time; only differences matter. */
    static long phase(ForecastRequest request, Sample sample) {
        var history = request.history();
        return history.unit().between(LocalDate.EPOCH.atStartOfDay(), history.localTime(sample.start()))
                / history.step();
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        Sample sample = Sample.of(request);
        double alpha = ConstantEngine.parameter(model, "alpha");
        double drift = ConstantEngine.parameter(model, "drift");
        double variance = ConstantEngine.parameter(model, "sigma2");
        boolean multiplicative = ConstantEngine.parameter(model, "multiplicative") == 1;
        double[] stored = model.parameters().entrySet().stream()
                .filter(entry -> entry.getKey().startsWith("season."))
                .mapToDouble(Map.Entry::getValue)
                .toArray();
        int season = stored.length;
        int shift = Math.floorMod(phase(request, sample) - (long) ConstantEngine.parameter(model, "anchor"), season);
        double[] indices = new double[season];
        Arrays.setAll(indices, k -> stored[(k + shift) % season]);
        double[] adjusted = adjusted(sample.values(), indices, multiplicative);
        double level = smooth(adjusted, alpha).level();
        double[] mean = new double[request.horizon()];
        double[] deviation = new double[mean.length];
        double correction = (1 - Math.pow(1 - alpha, adjusted.length)) / alpha;
        for (int h = 0; h < mean.length; h++) {
            double index = indices[(adjusted.length + h) % season];
            double trend = level + drift * (h + correction);
            mean[h] = multiplicative && season > 1 ? trend * index : trend + (season > 1 ? index : 0);
            deviation[h] = Math.sqrt(variance * (1 + h * alpha * alpha))
                    * (multiplicative && season > 1 ? Math.abs(index) : 1);
        }
        return Path.normal(mean, deviation);
    }

    /** Autocorrelation test of the M4 organisers (Makridakis, Spiliotis and Assimakopoulos 2020). */
    static boolean seasonal(double[] y, int season) {
        double mean = Arrays.stream(y).average().orElse(0);
        double[] correlations = new double[season + 1];
        for (int lag = 0; lag <= season; lag++) {
            for (int t = lag; t < y.length; t++) {
                correlations[lag] += (y[t] - mean) * (y[t - lag] - mean);
            }
        }
        if (correlations[0] == 0) {
            return false;
        }
        double squares = 0;
        for (int lag = 1; lag < season; lag++) {
            squares += Math.pow(correlations[lag] / correlations[0], 2);
        }
        double limit = SIGNIFICANT * Math.sqrt((1 + 2 * squares) / y.length);
        return Math.abs(correlations[season] / correlations[0]) > limit;
    }

    /** Classical decomposition: mean ratio (or difference) to the centred moving average, by place in the cycle. */
    private static double[] indices(double[] y, int season, boolean multiplicative) {
        double[] sums = new double[season];
        int[] counts = new int[season];
        int half = season / 2;
        for (int t = half; t < y.length - half; t++) {
            double average = 0;
            for (int k = -half; k <= half; k++) {
                average += y[t + k] * (season % 2 == 0 && Math.abs(k) == half ? 0.5 : 1);
            }
            average /= season;
            sums[t % season] += multiplicative ? y[t] / average : y[t] - average;
            counts[t % season]++;
        }
        double[] indices = new double[season];
        Arrays.setAll(indices, k -> counts[k] == 0 ? multiplicative ? 1 : 0 : sums[k] / counts[k]);
        double mean = Arrays.stream(indices).average().orElse(0);
        Arrays.setAll(indices, k -> multiplicative ? indices[k] / mean : indices[k] - mean);
        return indices;
    }

    private static double[] adjusted(double[] y, double[] indices, boolean multiplicative) {
        double[] result = y.clone();
        if (indices.length > 1) {
            Arrays.setAll(result, t -> {
                double index = indices[t % indices.length];
                return multiplicative ? y[t] / index : y[t] - index;
            });
        }
        return result;
    }

    private static double slope(double[] y) {
        double n = 0;
        double sumT = 0;
        double sumY = 0;
        for (int t = 0; t < y.length; t++) {
            if (!Double.isNaN(y[t])) {
                n++;
                sumT += t;
                sumY += y[t];
            }
        }
        double above = 0;
        double below = 0;
        for (int t = 0; t < y.length; t++) {
            if (!Double.isNaN(y[t])) {
                above += (t - sumT / n) * (y[t] - sumY / n);
                below += (t - sumT / n) * (t - sumT / n);
            }
        }
        return below == 0 ? 0 : above / below;
    }

    /** Golden-section search for the smoothing constant with the least one-step errors. */
    private static double smoothing(double[] y) {
        double golden = (Math.sqrt(5) - 1) / 2;
        double low = 0.01;
        double high = 0.999;
        while (high - low > 1e-4) {
            double left = high - golden * (high - low);
            double right = low + golden * (high - low);
            if (smooth(y, left).squares() <= smooth(y, right).squares()) {
                high = right;
            } else {
                low = left;
            }
        }
        return (low + high) / 2;
    }

    private record Smoothed(double level, double squares, int count) {}

    /** Starts at the mean of the first ten values; a gap keeps the level. */
    private static Smoothed smooth(double[] y, double alpha) {
        double level = Arrays.stream(y)
                .filter(value -> !Double.isNaN(value))
                .limit(10)
                .average()
                .orElse(0);
        double squares = 0;
        int count = 0;
        for (double value : y) {
            if (!Double.isNaN(value)) {
                double error = value - level;
                squares += error * error;
                level += alpha * error;
                count++;
            }
        }
        return new Smoothed(level, squares, count);
    }
}
