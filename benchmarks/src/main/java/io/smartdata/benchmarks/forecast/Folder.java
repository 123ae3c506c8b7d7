package io.smartdata.benchmarks.forecast;

import io.smartdata.series.TimeSeries;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * A set of series with one season and horizon, each cut into what is known and what is to be foretold.
 *
 * @param name of the set, also of its files
 * @param season steps of a cycle, 1 if there is none
 * @param horizon steps to foretell
 */
record Folder(String name, int season, int horizon, List<Case> cases) {
    private static final String SETS = """
            daily 7 14, fx-daily 1 14, m4-hourly 24 48, m4-weekly 1 13, m3-yearly 1 6, m3-quarterly 4 8, m3-monthly 12 18,
            m3-other 1 8, tourism-yearly 1 4, tourism-quarterly 4 8, tourism-monthly 12 24""";

    /** Values before an origin, at the least: below them nobody can choose. */
    private static final int FEWEST_KNOWN = 6;

    /**
     * One series, cut.
     *
     * @param id of the series in its set
     * @param future the values after the history, NaN = missing; as many as the horizon
     */
    record Case(String id, TimeSeries history, double[] future) {
        /** Mean absolute difference of values a season apart, gaps filled along straight lines; the unit of MASE. */
        double scale(int season) {
            double[] y = Naive2.filled(history.values());
            double sum = 0;
            for (int t = season; t < y.length; t++) {
                sum += Math.abs(y[t] - y[t - season]);
            }
            return sum / (y.length - season);
        }
    }

    static List<String> names() {
        return sets().map(set -> set[0]).toList();
    }

    private static Stream<String[]> sets() {
        return Arrays.stream(SETS.split(",\\s+")).map(set -> set.split(" "));
    }

    /**
     * The test halves against the training halves.
     *
     * @param limit of the series, the first ones; 0 = all
     * @throws IllegalArgumentException if there is no such set
     */
    static Folder read(Path data, String name, int limit) throws IOException {
        String[] set = sets().filter(it -> it[0].equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no set " + name + ", there are " + names()));
        int horizon = Integer.parseInt(set[2]);
        Map<String, LocalDate> starts = starts(data.resolve(name + "-meta.csv"));
        Map<String, double[]> train = values(data.resolve(name + "-train.csv.gz"));
        Map<String, double[]> test = values(data.resolve(name + "-test.csv.gz"));
        List<Case> cases = train.entrySet().stream()
                .limit(limit == 0 ? Long.MAX_VALUE : limit)
                .map(it -> new Case(
                        it.getKey(),
                        TimeSeries.daily(
                                starts.getOrDefault(it.getKey(), LocalDate.EPOCH), ZoneOffset.UTC, it.getValue()),
                        Arrays.copyOf(test.get(it.getKey()), horizon)))
                .toList();
        return new Folder(name, Integer.parseInt(set[1]), horizon, cases);
    }

    /**
     * The same task inside the training halves: nothing of the test halves is in it.
     *
     * @param origins a series, a horizon apart, the last one a horizon before the end; fewer where the series is short
     */
    Folder insideTraining(int origins) {
        List<Case> result = new ArrayList<>();
        for (Case it : cases) {
            int size = it.history().size();
            for (int k = 1; k <= origins && size - k * horizon >= Math.max(FEWEST_KNOWN, 2 * season); k++) {
                int cut = size - k * horizon;
                result.add(new Case(
                        it.id() + "@" + cut,
                        it.history().slice(0, cut),
                        Arrays.copyOfRange(it.history().values(), cut, cut + horizon)));
            }
        }
        return new Folder(name, season, horizon, result);
    }

    private static Map<String, LocalDate> starts(Path file) throws IOException {
        Map<String, LocalDate> result = new HashMap<>();
        if (Files.exists(file)) {
            Files.readAllLines(file).stream()
                    .skip(1)
                    .map(line -> line.split(","))
                    .forEach(cells -> result.put(cells[0], LocalDate.parse(cells[1])));
        }
        return result;
    }

    private static Map<String, double[]> values(Path file) throws IOException {
        Map<String, double[]> result = new LinkedHashMap<>();
        try (var in = new GZIPInputStream(Files.newInputStream(file));
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            lines.lines()
                    .map(line -> line.split(",", -1))
                    .forEach(cells -> result.put(
                            cells[0],
                            Arrays.stream(cells)
                                    .skip(1)
                                    .mapToDouble(cell -> cell.isEmpty() ? Double.NaN : Double.parseDouble(cell))
                                    .toArray()));
        }
        return result;
    }
}
