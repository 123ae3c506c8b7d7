package io.smartdata.benchmarks.forecast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.forecast.Regressors;
import io.smartdata.series.TimeSeries;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A recorded case of a fixed seasonal ARIMA order.
 *
 * @param order p, d, q, P, D, Q and the season, 0 if there is none
 * @param y NaN = gap
 * @param regressors column by column, past then future
 * @param best highest exact log-likelihood any recorded engine reached
 * @param statsmodelsSeconds recorded CPU seconds of a fit with statsmodels
 */
record GoldenSarimax(
        String id,
        int[] order,
        boolean constant,
        double[] y,
        double[][] regressors,
        double best,
        double statsmodelsSeconds) {
    private static final int HORIZON = 14;

    static List<GoldenSarimax> all(Path data) throws IOException {
        List<GoldenSarimax> cases = new ArrayList<>();
        JsonNode root =
                new ObjectMapper().readTree(data.resolve("golden-sarimax.json").toFile());
        root.get("cases").forEach(node -> cases.add(from(node)));
        return cases;
    }

    private static GoldenSarimax from(JsonNode node) {
        double[][] past = rows(node.get("exog"));
        double[][] future = rows(node.get("exog_future"));
        double[][] rows =
                Stream.concat(Arrays.stream(past), Arrays.stream(future)).toArray(double[][]::new);
        int columns = rows.length == 0 ? 0 : rows[0].length;
        return new GoldenSarimax(
                node.get("id").asText(),
                IntStream.concat(
                                Arrays.stream(doubles(node.get("order"))).mapToInt(x -> (int) x),
                                Arrays.stream(doubles(node.get("seasonal_order")))
                                        .mapToInt(x -> (int) x))
                        .toArray(),
                !node.get("trend").isNull(),
                doubles(node.get("y")),
                IntStream.range(0, columns)
                        .mapToObj(k ->
                                Arrays.stream(rows).mapToDouble(row -> row[k]).toArray())
                        .toArray(double[][]::new),
                node.get("best_known_loglik").asDouble(),
                node.get("fit_cpu_seconds_median").asDouble());
    }

    private static double[][] rows(JsonNode node) {
        double[][] rows = new double[node.isNull() ? 0 : node.size()][];
        Arrays.setAll(rows, t -> doubles(node.get(t)));
        return rows;
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        Arrays.setAll(
                values, i -> array.get(i).isNull() ? Double.NaN : array.get(i).asDouble());
        return values;
    }

    /** In the words of our model specs. */
    String spec() {
        String seasonal = order[6] < 2 ? "" : "(%d,%d,%d)%d".formatted(order[3], order[4], order[5], order[6]);
        return "sarimax(%d,%d,%d)%s%s".formatted(order[0], order[1], order[2], seasonal, constant ? "+c" : "");
    }

    boolean gaps() {
        return Arrays.stream(y).anyMatch(Double::isNaN);
    }

    ForecastRequest request() {
        ForecastRequest request =
                ForecastRequest.of(TimeSeries.daily(LocalDate.of(2024, 1, 1), ZoneOffset.UTC, y), HORIZON);
        if (regressors.length == 0) {
            return request;
        }
        double[][] rows = new double[regressors[0].length][];
        Arrays.setAll(
                rows,
                t -> Arrays.stream(regressors).mapToDouble(column -> column[t]).toArray());
        List<String> names =
                IntStream.range(0, regressors.length).mapToObj(k -> "x" + k).toList();
        return request.withRegressors(Regressors.of(names, rows));
    }
}
