package io.smartdata.cli;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import io.smartdata.core.ingest.InvalidInputException;
import io.smartdata.series.TimeSeries;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Series in CSV files: {@code [series_id,]timestamp,value...}, plain or gzip; an empty value is a missing one. */
final class SeriesFile {
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendPattern("['T'][' ']HH:mm[:ss]")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .optionalEnd()
            .appendPattern("[XXX]")
            .toFormatter(Locale.ROOT);

    private SeriesFile() {}

    /**
     * One row as it stands in the file.
     *
     * @param line physical line, the header being 1
     * @param series id, empty if the file has no such column
     * @param text time as written
     * @param time local time, offsets resolved to UTC; for a file of numbered steps the day of that number
     * @param values one per value column; NaN = missing
     */
    record Row(long line, String series, String text, LocalDateTime time, double[] values) {}

    /** Columns after the time, and all rows in order. */
    record Content(List<String> columns, List<Row> rows) {
        /** Rows by series, in order of first appearance. */
        Map<String, List<Row>> bySeries() {
            Map<String, List<Row>> series = new LinkedHashMap<>();
            rows.forEach(row -> series.computeIfAbsent(row.series(), id -> new ArrayList<>())
                    .add(row));
            return series;
        }
    }

    static Content read(Path file) throws IOException {
        try (Reader in = new InputStreamReader(open(file), StandardCharsets.UTF_8.newDecoder());
                CsvReader<CsvRecord> csv =
                        CsvReader.builder().skipEmptyLines(true).ofCsvRecord(in)) {
            var records = csv.iterator();
            if (!records.hasNext()) {
                throw invalid("empty_input", 0, null, "%s is empty; it needs a header and rows".formatted(file));
            }
            Header header = Header.of(records.next(), file);
            List<Row> rows = new ArrayList<>();
            while (records.hasNext()) {
                rows.add(row(records.next(), header));
            }
            return new Content(header.columns(), rows);
        } catch (CsvParseException | UncheckedIOException e) {
            throw new InvalidInputException(
                    "invalid_csv", 0, null, "%s is not readable as CSV: %s".formatted(file, e.getMessage()), e);
        }
    }

    /** Where things are. */
    private record Header(int seriesAt, int timeAt, boolean numbered, int firstValueAt, List<String> columns) {
        static Header of(CsvRecord first, Path file) {
            List<String> names = first.getFields().stream()
                    .map(name -> name.strip().replace("\uFEFF", "").toLowerCase(Locale.ROOT))
                    .toList();
            int seriesAt = names.indexOf("series_id");
            int timeAt = Math.max(names.indexOf("timestamp"), names.indexOf("date"));
            boolean numbered = timeAt < 0;
            timeAt = numbered ? names.indexOf("t") : timeAt;
            int firstValueAt = Math.max(seriesAt, timeAt) + 1;
            if (timeAt < 0 || firstValueAt >= names.size()) {
                throw invalid(
                        "invalid_csv",
                        1,
                        null,
                        "%s needs a header like timestamp,value or series_id,timestamp,value or series_id,t,value; it has %s"
                                .formatted(file, String.join(",", first.getFields())));
            }
            return new Header(
                    seriesAt, timeAt, numbered, firstValueAt, first.getFields().subList(firstValueAt, names.size()));
        }
    }

    private static Row row(CsvRecord record, Header header) {
        long line = record.getStartingLineNumber();
        int expected = header.firstValueAt() + header.columns().size();
        if (record.getFieldCount() != expected) {
            throw invalid(
                    "invalid_csv",
                    line,
                    null,
                    "line %d has %s, the header has %d"
                            .formatted(line, Counted.of(record.getFieldCount(), "cell"), expected));
        }
        double[] values = new double[header.columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = number(
                    record.getField(header.firstValueAt() + i),
                    line,
                    header.columns().get(i));
        }
        String text = record.getField(header.timeAt());
        LocalDateTime time = header.numbered() ? step(text, line) : time(text, line);
        return new Row(line, header.seriesAt() < 0 ? "" : record.getField(header.seriesAt()), text, time, values);
    }

    private static double number(String text, long line, String column) {
        if (text.isBlank()) {
            return Double.NaN;
        }
        double value;
        try {
            value = Double.parseDouble(text);
        } catch (NumberFormatException e) {
            value = Double.POSITIVE_INFINITY;
        }
        if (Double.isInfinite(value)) {
            throw invalid(
                    "invalid_value",
                    line,
                    column,
                    "line %d, column %s: write a finite number with a decimal point, or leave it empty"
                            .formatted(line, column));
        }
        return value;
    }

    private static LocalDateTime step(String text, long line) {
        try {
            return LocalDate.EPOCH.plusDays(Long.parseLong(text.strip())).atStartOfDay();
        } catch (NumberFormatException | DateTimeException e) {
            throw invalid("invalid_time", line, "t", "line %d: t is a whole number".formatted(line));
        }
    }

    private static LocalDateTime time(String text, long line) {
        try {
            if (text.strip().length() == "2026-01".length()) {
                return YearMonth.parse(text.strip()).atDay(1).atStartOfDay();
            }
            var parsed = TIME.parseBest(text.strip(), OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
            if (parsed instanceof OffsetDateTime offset) {
                return offset.withOffsetSameInstant(ZoneOffset.UTC).toLocalDateTime();
            }
            return parsed instanceof LocalDateTime local ? local : ((LocalDate) parsed).atStartOfDay();
        } catch (DateTimeException e) {
            throw invalid(
                    "invalid_time",
                    line,
                    "timestamp",
                    "line %d: write times like 2026-01, 2026-01-31 or 2026-01-31T09:30:00".formatted(line));
        }
    }

    /**
     * Rows of one series on a regular grid: the most frequent distance of its times is the step, what lies between is
     * missing.
     *
     * @throws InvalidInputException if times do not ascend or do not lie on the grid
     */
    static TimeSeries onGrid(List<Row> rows, int column) {
        LocalDateTime start = rows.get(0).time();
        Grid grid = Grid.of(rows);
        TreeMap<Long, Double> values = new TreeMap<>();
        for (Row row : rows) {
            Long index = grid.index(start, row.time());
            if (index == null || (!values.isEmpty() && index <= values.lastKey())) {
                throw invalid(
                        "invalid_time",
                        row.line(),
                        "timestamp",
                        "line %d: times of a series ascend in steps of %s; %s does not fit. Sort the rows and remove repeats"
                                .formatted(row.line(), grid, row.text()));
            }
            if (index > 10_000_000) {
                throw invalid(
                        "invalid_time", row.line(), "timestamp", "line %d: the gap is too long".formatted(row.line()));
            }
            values.put(index, row.values()[column]);
        }
        double[] dense = new double[Math.toIntExact(values.lastKey()) + 1];
        Arrays.fill(dense, Double.NaN);
        values.forEach((index, value) -> dense[Math.toIntExact(index)] = value);
        return TimeSeries.of(start, grid.step(), grid.unit(), ZoneOffset.UTC, dense);
    }

    /** Step and unit of a regular series; months are counted by the calendar, whatever their length. */
    private record Grid(long step, ChronoUnit unit) {
        private static final long DAY = ChronoUnit.DAYS.getDuration().toSeconds();
        private static final long SHORTEST_MONTH = 28 * DAY;

        static Grid of(List<Row> rows) {
            long seconds = mostFrequentStep(rows, Grid::secondsBetween);
            if (seconds >= SHORTEST_MONTH && sameDayOfMonth(rows)) {
                return new Grid(Math.max(1, mostFrequentStep(rows, Grid::monthsBetween)), ChronoUnit.MONTHS);
            }
            if (seconds > 0 && seconds % DAY == 0) {
                return new Grid(seconds / DAY, ChronoUnit.DAYS);
            }
            if (seconds > 0 && seconds % 3600 == 0) {
                return new Grid(seconds / 3600, ChronoUnit.HOURS);
            }
            return seconds > 0 ? new Grid(seconds, ChronoUnit.SECONDS) : new Grid(1, ChronoUnit.DAYS);
        }

        private static long mostFrequentStep(List<Row> rows, ToLongBiFunction<LocalDateTime, LocalDateTime> distance) {
            Map<Long, Integer> counts = new HashMap<>();
            for (int i = 1; i < rows.size(); i++) {
                counts.merge(
                        distance.applyAsLong(rows.get(i - 1).time(), rows.get(i).time()), 1, Integer::sum);
            }
            return counts.entrySet().stream()
                    .max(Map.Entry.<Long, Integer>comparingByValue()
                            .thenComparing(
                                    Map.Entry.<Long, Integer>comparingByKey().reversed()))
                    .map(Map.Entry::getKey)
                    .orElse(0L);
        }

        private static long secondsBetween(LocalDateTime a, LocalDateTime b) {
            return ChronoUnit.SECONDS.between(a, b);
        }

        private static long monthsBetween(LocalDateTime a, LocalDateTime b) {
            return ChronoUnit.MONTHS.between(YearMonth.from(a), YearMonth.from(b));
        }

        private static boolean sameDayOfMonth(List<Row> rows) {
            int day = rows.get(0).time().getDayOfMonth();
            return rows.stream().allMatch(row -> row.time().getDayOfMonth() == day)
                    || rows.stream().allMatch(row -> isLastOfMonth(row.time()));
        }

        private static boolean isLastOfMonth(LocalDateTime time) {
            return time.getDayOfMonth() == YearMonth.from(time).lengthOfMonth();
        }

        @Nullable
        Long index(LocalDateTime start, LocalDateTime time) {
            long distance = unit == ChronoUnit.MONTHS ? monthsBetween(start, time) : unit.between(start, time);
            boolean onGrid =
                    unit == ChronoUnit.MONTHS || start.plus(distance, unit).equals(time);
            return distance % step == 0 && onGrid ? distance / step : null;
        }

        @Override
        public String toString() {
            return step + " " + unit.toString().toLowerCase(Locale.ROOT);
        }
    }

    private static InputStream open(Path file) throws IOException {
        InputStream raw = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        raw.mark(2);
        boolean gzip = raw.read() == 0x1f && raw.read() == 0x8b;
        raw.reset();
        return gzip ? new GZIPInputStream(raw, 1 << 16) : raw;
    }

    private static InvalidInputException invalid(String code, long line, @Nullable String field, String message) {
        return new InvalidInputException(code, line, field, message + ".", null);
    }
}
