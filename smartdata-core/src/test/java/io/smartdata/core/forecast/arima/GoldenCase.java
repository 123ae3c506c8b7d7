package io.smartdata.core.forecast.arima;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A case computed with statsmodels; see the README beside the resource. */
record GoldenCase(
        String id,
        SarimaOrder order,
        double[] y,
        double[][] regressors,
        double[][] future,
        double[] params,
        double logLikelihood,
        double bestKnown,
        double[] mean,
        double[] lower,
        double[] upper) {
    static List<GoldenCase> all() {
        try (InputStream in = GoldenCase.class.getResourceAsStream("golden-sarimax.json.gz")) {
            List<GoldenCase> cases = new ArrayList<>();
            new ObjectMapper().readTree(new GZIPInputStream(in)).get("cases").forEach(node -> cases.add(from(node)));
            return cases;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static GoldenCase from(JsonNode node) {
        double[] order = doubles(node.get("order"));
        double[] seasonal = doubles(node.get("seasonalOrder"));
        double[] y = doubles(node.get("y"));
        double[][] past = columns(node.get("exog"));
        double[][] future = columns(node.get("exogFuture"));
        for (int k = 0; k < future.length; k++) {
            double[] both = Arrays.copyOf(past[k], y.length + future[k].length);
            System.arraycopy(future[k], 0, both, y.length, future[k].length);
            future[k] = both;
        }
        return new GoldenCase(
                node.get("id").asText(),
                SarimaOrder.of((int) order[0], (int) order[1], (int) order[2])
                        .seasonal((int) seasonal[0], (int) seasonal[1], (int) seasonal[2], (int) seasonal[3])
                        .with(node.get("trend").isNull() ? SarimaOrder.Trend.NONE : SarimaOrder.Trend.CONSTANT),
                y,
                past,
                future,
                doubles(node.get("params")),
                node.get("logLikelihood").asDouble(),
                node.get("bestKnown").asDouble(),
                doubles(node.get("mean")),
                doubles(node.get("lower")),
                doubles(node.get("upper")));
    }

    private static double[] doubles(JsonNode array) {
        double[] result = new double[array.size()];
        Arrays.setAll(
                result, i -> array.get(i).isNull() ? Double.NaN : array.get(i).asDouble());
        return result;
    }

    private static double[][] columns(JsonNode rows) {
        if (rows == null || rows.isNull()) {
            return new double[0][];
        }
        double[][] result = new double[rows.get(0).size()][rows.size()];
        for (int t = 0; t < rows.size(); t++) {
            for (int k = 0; k < result.length; k++) {
                result[k][t] = rows.get(t).get(k).asDouble();
            }
        }
        return result;
    }

    /** The parameters in our words: statsmodels' order is trend, regressors, ar, ma, seasonal ar, seasonal ma, sigma2. */
    SarimaParameters parameters() {
        int terms = order.trend().terms();
        int at = terms + regressors.length;
        double[] phi = Arrays.copyOfRange(params, at, at += order.p());
        double[] theta = Arrays.copyOfRange(params, at, at += order.q());
        double[] seasonalPhi = Arrays.copyOfRange(params, at, at += order.seasonalP());
        double[] seasonalTheta = Arrays.copyOfRange(params, at, at += order.seasonalQ());
        double[] coefficients = Arrays.copyOf(params, terms + regressors.length);
        if (terms == 1) {
            // statsmodels adds the intercept to the recursion, we to the mean
            double gain = (1 - Arrays.stream(phi).sum())
                    * (1 - Arrays.stream(seasonalPhi).sum());
            coefficients[0] /= gain;
        }
        return new SarimaParameters(
                order, phi, theta, seasonalPhi, seasonalTheta, coefficients, params[params.length - 1]);
    }

    @Override
    public String toString() {
        return id;
    }
}
