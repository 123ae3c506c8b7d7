package io.smartdata.benchmarks.forecast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What others reached on the same series, as recorded beside the data. */
final class Recorded {
    /**
     * One method on the first series of a set.
     *
     * @param scores means; what was not recorded is NaN
     * @param owa against Naive2 on the same series
     */
    record Method(String name, int series, Score scores, double owa) {}

    private Recorded() {}

    /** Errors of Naive2 by id of the series; those of a set. */
    static Map<String, Score> naive2(Path data, String set) throws IOException {
        Map<String, Score> result = new HashMap<>();
        List<String> lines = Files.readAllLines(data.resolve("naive2-reference.csv"));
        List<String> header = List.of(lines.get(0).split(","));
        int smape = header.indexOf("naive2_smape");
        int mase = header.indexOf("naive2_mase");
        for (String line : lines.subList(1, lines.size())) {
            String[] cells = line.split(",");
            if (cells[0].equals(set)) {
                result.put(cells[1], score(Double.parseDouble(cells[smape]), Double.parseDouble(cells[mase])));
            }
        }
        return result;
    }

    static List<Method> methods(Path data, String set) throws IOException {
        List<Method> result = new ArrayList<>();
        Path r = data.resolve("baseline-r-" + set + ".json");
        if (Files.exists(r)) {
            JsonNode root = new ObjectMapper().readTree(r.toFile());
            for (String name : List.of("thetaf", "ets", "auto.arima", "comb3")) {
                result.add(new Method(
                        "R " + name,
                        root.get("n_series").asInt(),
                        score(
                                number(root.path("smape").path(name)),
                                number(root.path("mase").path(name)),
                                number(root.path("cover95_mean").path(name)),
                                number(root.path("msis_mean").path(name)),
                                number(root.path("cpu_seconds_per_series_mean").path(name))),
                        number(root.path("owa").path(name))));
            }
        }
        JsonNode methods = new ObjectMapper()
                .readTree(data.resolve("baseline-statsmodels.json").toFile())
                .path("sets")
                .path(set)
                .path("methods");
        methods.fields()
                .forEachRemaining(it -> result.add(new Method(
                        "statsmodels " + it.getKey(),
                        it.getValue().path("n").asInt(),
                        score(
                                number(it.getValue().path("smape")),
                                number(it.getValue().path("mase")),
                                Double.NaN,
                                Double.NaN,
                                number(it.getValue().path("cpu_seconds_mean"))),
                        number(it.getValue().path("owa")))));
        return result;
    }

    private static double number(JsonNode node) {
        return node.isNumber() ? node.asDouble() : Double.NaN;
    }

    private static Score score(double smape, double mase) {
        return score(smape, mase, Double.NaN, Double.NaN, Double.NaN);
    }

    private static Score score(double smape, double mase, double inside95, double msis, double cpu) {
        return new Score(smape, mase, 1, Double.NaN, inside95, msis, cpu);
    }
}
