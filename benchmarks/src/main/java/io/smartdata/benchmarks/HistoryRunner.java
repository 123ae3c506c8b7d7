package io.smartdata.benchmarks;

import io.smartdata.core.kpi.Kpis;
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
 * {@code java -cp benchmarks/target/benchmarks.jar io.smartdata.benchmarks.HistoryRunner --db URL [--max 10000000]}.
 *
 * <p>Each leg fills a database of its own with a year of events, oldest first, and then times single operations: an append
 * of {@value #APPEND} events of yesterday, and the daily series of one KPI over 365 days. The appends of a leg become
 * history too.
 */
public final class HistoryRunner {
    private static final int APPEND = 100;
    private static final int FILL = 10_000;
    private static final int SMALL = 1_000;
    private static final int ORGS = 1_000;
    private static final Duration YEAR = Duration.ofDays(364);
    private static final Duration DAY = Duration.ofDays(1);

    private final Place place;
    private final int operations;
    private final Instant yesterday = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(DAY);
    private final IngestWorkload workload = new IngestWorkload(1);

    private HistoryRunner(Place place, int operations) {
        this.place = place;
        this.operations = operations;
    }

    /** Milliseconds of each operation. */
    private record Latencies(String leg, double[] appends, double[] queries) {}

    public static void main(String[] args) throws SQLException {
        Options options =
                Options.parse(args, Map.of("--db", "", "--max", "100000", "--operations", "200", "--server-pid", "0"));
        try (Place place = Place.of(options.text("--db"), options.integer("--server-pid"))) {
            HistoryRunner runner = new HistoryRunner(place, options.integer("--operations"));
            runner.measure("warm-up", SMALL, 1);
            List<Latencies> legs = new ArrayList<>();
            for (int events : new LinkedHashSet<>(List.of(SMALL, 100_000, options.integer("--max")))) {
                legs.add(runner.measure("%,d events".formatted(events), events, 1));
            }
            legs.add(runner.measure("%,d events, %,d orgs".formatted(SMALL, ORGS), SMALL, ORGS));
            print(place.description(), legs);
        }
    }

    private Latencies measure(String leg, int events, int orgs) throws SQLException {
        System.err.println("filling: " + leg);
        try (SmartDataContender smartData = SmartDataContender.open(place.create("history"))) {
            for (int org = 1; org < orgs; org++) {
                fill(smartData.of("org-" + org), events);
            }
            fill(smartData, events);
            place.settle("history");
            double[] appends = time(() -> smartData.write(workload.batch(APPEND, yesterday, DAY)));
            Kpis kpis = smartData.smartData().kpis(smartData.scope());
            KpiQuery year = KpiQuery.of("order_placed.sum").last(365, ChronoUnit.DAYS);
            return new Latencies(
                    leg, appends, time(() -> kpis.series(year).points().size()));
        } finally {
            place.drop("history");
        }
    }

    /** The year before yesterday, in the order of time, as events come. */
    private void fill(SmartDataContender smartData, int events) {
        int batches = (events + FILL - 1) / FILL;
        Duration span = YEAR.dividedBy(batches);
        for (int i = 0; i < batches; i++) {
            Instant start = yesterday.minus(YEAR).plus(span.multipliedBy(i));
            smartData.write(workload.batch(Math.min(FILL, events - i * FILL), start, span));
        }
    }

    private interface Operation {
        long run() throws SQLException;
    }

    /** The first tenth of the operations is not counted. */
    private double[] time(Operation operation) throws SQLException {
        double[] millis = new double[operations];
        for (int i = -operations / 10; i < operations; i++) {
            long start = System.nanoTime();
            if (operation.run() == 0) {
                throw new IllegalStateException("The operation did nothing");
            }
            if (i >= 0) {
                millis[i] = (System.nanoTime() - start) / 1e6;
            }
        }
        return millis;
    }

    private static void print(String place, List<Latencies> legs) {
        System.out.printf("%s; %d operations a leg%n%n", place, legs.get(0).appends.length);
        System.out.printf(
                "%-26s %11s %8s %8s %11s %8s %8s%n",
                "history", "append ms", "p95", "ratio", "query ms", "p95", "ratio");
        for (Latencies leg : legs) {
            System.out.printf(
                    Locale.ROOT,
                    "%-26s %11.2f %8.2f %8.2f %11.2f %8.2f %8.2f%n",
                    leg.leg,
                    Figures.median(leg.appends),
                    Figures.quantile(0.95, leg.appends),
                    Figures.median(leg.appends) / Figures.median(legs.get(0).appends),
                    Figures.median(leg.queries),
                    Figures.quantile(0.95, leg.queries),
                    Figures.median(leg.queries) / Figures.median(legs.get(0).queries));
        }
    }
}
