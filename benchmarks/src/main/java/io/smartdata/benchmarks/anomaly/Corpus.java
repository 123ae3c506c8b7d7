package io.smartdata.benchmarks.anomaly;

import static java.util.stream.Collectors.groupingBy;

import io.smartdata.anomaly.Observation;
import io.smartdata.benchmarks.anomaly.LabelledSeries.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

/**
 * A folder of {@code manifest.csv} (corpus, category, series, rows, interval_s, vus_window), {@code labels.csv} (corpus,
 * series, start, end, type; both ends included) and one {@code SERIES.csv.gz} of {@code timestamp,value} for each series.
 */
final class Corpus {
    private Corpus() {}

    static List<LabelledSeries> read(Path data, String corpus) throws IOException {
        Map<String, List<String[]>> labels =
                csv(data.resolve("labels.csv")).stream().collect(groupingBy(row -> row[1]));
        return csv(data.resolve("manifest.csv")).stream()
                .filter(row -> row[0].equals(corpus))
                .map(row -> read(data, row[2], Integer.parseInt(row[5]), labels.getOrDefault(row[2], List.of())))
                .toList();
    }

    private static LabelledSeries read(Path data, String id, int buffer, List<String[]> labels) {
        List<Observation> rows = csv(data.resolve(id + ".csv.gz")).stream()
                .map(row -> new Observation(time(row[0]), row[1].isEmpty() ? Double.NaN : Double.parseDouble(row[1])))
                .toList();
        List<Event> events = labels.stream()
                .map(label -> event(rows, time(label[2]), time(label[3]), label[4]))
                .filter(event -> event.first() <= event.last())
                .toList();
        return new LabelledSeries(id, rows, events, buffer);
    }

    private static Event event(List<Observation> rows, Instant start, Instant end, String type) {
        int first =
                (int) rows.stream().filter(row -> row.time().isBefore(start)).count();
        int last = (int) rows.stream().filter(row -> !row.time().isAfter(end)).count() - 1;
        return new Event(first, last, type);
    }

    private static Instant time(String text) {
        return text.length() == 10
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant()
                : LocalDateTime.parse(text.replace(' ', 'T')).toInstant(ZoneOffset.UTC);
    }

    private static List<String[]> csv(Path file) {
        boolean packed = file.toString().endsWith(".gz");
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                packed ? new GZIPInputStream(Files.newInputStream(file)) : Files.newInputStream(file),
                StandardCharsets.UTF_8))) {
            return in.lines()
                    .skip(1)
                    .filter(line -> !line.isEmpty())
                    .map(line -> line.split(",", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
