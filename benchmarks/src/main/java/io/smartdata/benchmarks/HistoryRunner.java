package io.smartdata.benchmarks;

import io.smartdata.kpi.KpiQuery;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Does history, or the company of other orgs, make a small append or a KPI query slower? Run:
 * {@code java -cp benchmarks/target/benchmarks.jar io.smartdata.benchmarks.HistoryRunner --db URL --max 10000000}.
 *
 * <p>Each leg has a database of its own, filled with a year of events, an event a day of the KPI that is asked for and the rest
 * oldest first, and compacted, as a job does that runs every few seconds. Then the legs take turns, one operation
 * each: an append of {@value #APPEND} events of yesterday, which become history too; after all appends the daily series of
 * one KPI over 365 days. As many turns as a quarter of those measured come first and do not count.
 */
public final class HistoryRunner {
    private static final int APPEND = 100;
    private static final int FILL = 10_000;
    private static final int SMALL = 1_000;
    private static final int MIDDLE = 100_000;
    private static final int ORGS = 1_000;
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration YEAR = Duration.ofDays(364);
    private static final int DAYS = 365;
    private static final String EVENT = "order_placed";
    private static final KpiQuery SERIES = KpiQuery.of(EVENT + ".sum").last(DAYS, ChronoUnit.DAYS);

    private final Place place;
    private final Instant yesterday = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(DAY);
    private final IngestWorkload workload = new IngestWorkload(1);
    private final List<Leg> legs = new ArrayList<>();

    private HistoryRunner(Place place) {
        this.place = place;
    }

    private record Leg(String name, String database, SmartDataContender smartData) {}

    public static void main(String[] args) throws SQLException {
        Options options =
                Options.parse(args, Map.of("--db", "", "--max", "1000000", "--operations", "200", "--server-pid", "0"));
        int operations = options.integer("--operations");
        try (Place place = Place.of(options.text("--db"), options.integer("--server-pid"))) {
            HistoryRunner runner = new HistoryRunner(place);
            try {
                for (int events : new LinkedHashSet<>(List.of(SMALL, MIDDLE, options.integer("--max")))) {
                    runner.addLeg("%,d events".formatted(events), events, 1);
                }
                runner.addLeg("%,d events, %,d orgs".formatted(SMALL, ORGS), SMALL, ORGS);
                System.out.printf("%s; %d operations a leg%n%n", place.description(), operations);
                System.out.printf("%-12s %-26s %9s %9s %7s%n", "operation", "history", "median ms", "p95 ms", "ratio");
                runner.print("append 100", runner.inTurns(operations, runner::append));
                runner.print("series", runner.inTurns(operations, HistoryRunner::series));
            } finally {
                runner.close();
            }
        }
    }

    private void addLeg(String name, int events, int orgs) throws SQLException {
        System.err.println("filling: " + name);
        String database = "history_" + legs.size();
        SmartDataContender smartData = SmartDataContender.open(place.create(database));
        legs.add(new Leg(name, database, smartData));
        for (int org = 1; org < orgs; org++) {
            fill(smartData.of("org-" + org), events);
        }
        fill(smartData, events);
        smartData.smartData().maintenance().compact(Duration.ofMinutes(10));
        place.settle(database);
    }

    /** The year before yesterday, in the order of time, as events come. */
    private void fill(SmartDataContender smartData, int events) {
        smartData.write(workload.daily(EVENT, yesterday.minus(YEAR), DAYS));
        int rest = events - DAYS;
        int batches = (rest + FILL - 1) / FILL;
        Duration span = YEAR.dividedBy(batches);
        for (int i = 0; i < batches; i++) {
            Instant start = yesterday.minus(YEAR).plus(span.multipliedBy(i));
            smartData.write(workload.batch(Math.min(FILL, rest - i * FILL), start, span));
        }
    }

    private interface Operation {
        /** Milliseconds it took. */
        double run(SmartDataContender smartData);
    }

    private double append(SmartDataContender smartData) {
        var events = workload.batch(APPEND, yesterday, DAY);
        long start = System.nanoTime();
        long accepted = smartData.write(events);
        return millisSince(start, accepted == APPEND);
    }

    private static double series(SmartDataContender smartData) {
        long start = System.nanoTime();
        var series = smartData.smartData().kpis(smartData.scope()).series(SERIES);
        return millisSince(start, !series.points().isEmpty());
    }

    private static double millisSince(long start, boolean done) {
        double millis = (System.nanoTime() - start) / 1e6;
        if (!done) {
            throw new IllegalStateException("The operation did not do what it should");
        }
        return millis;
    }

    /** Milliseconds of each operation of each leg. */
    private double[][] inTurns(int operations, Operation operation) {
        double[][] millis = new double[legs.size()][operations];
        for (int i = -operations / 4; i < operations; i++) {
            for (int leg = 0; leg < millis.length; leg++) {
                double took = operation.run(legs.get(leg).smartData);
                millis[leg][Math.max(i, 0)] = took;
            }
        }
        return millis;
    }

    private void print(String operation, double[][] millis) {
        for (int leg = 0; leg < millis.length; leg++) {
            System.out.printf(
                    Locale.ROOT,
                    "%-12s %-26s %9.2f %9.2f %7.2f%n",
                    operation,
                    legs.get(leg).name,
                    Figures.median(millis[leg]),
                    Figures.quantile(0.95, millis[leg]),
                    Figures.median(millis[leg]) / Figures.median(millis[0]));
        }
    }

    private void close() throws SQLException {
        for (Leg leg : legs) {
            leg.smartData.close();
            place.drop(leg.database);
        }
    }
}
