package io.smartdata.benchmarks;

import io.smartdata.core.kpi.Verification;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * How long does it take to prove all KPIs from raw events, beside one GROUP BY over the same table? Run:
 * {@code java -cp benchmarks/target/benchmarks.jar io.smartdata.benchmarks.VerifyRunner --db URL}.
 */
public final class VerifyRunner {
    private static final String DATABASE = "verify";
    private static final LocalDate FROM = LocalDate.parse("2023-11-01");
    private static final LocalDate TO = LocalDate.parse("2023-12-01");

    private VerifyRunner() {}

    public static void main(String[] args) throws SQLException {
        Options options =
                Options.parse(args, Map.of("--db", "", "--events", "1000000", "--rounds", "5", "--server-pid", "0"));
        String url = options.text("--db");
        int events = options.integer("--events");
        Cost[] groupBy = new Cost[options.integer("--rounds")];
        Cost[] verify = new Cost[groupBy.length];
        try (Place place = Place.of(url, options.integer("--server-pid"))) {
            String created = place.create(DATABASE);
            String table = Place.isSqlite(url) ? "sd_event" : "smartdata.event";
            try (SmartDataContender smartData = SmartDataContender.open(created);
                    Connection connection = DriverManager.getConnection(created)) {
                fill(smartData, events);
                for (int i = -1; i < groupBy.length; i++) {
                    int round = Math.max(i, 0);
                    groupBy[round] = Cost.of(place, DATABASE, events, () -> group(connection, table, events));
                    verify[round] = Cost.of(place, DATABASE, events, () -> verify(smartData, events));
                }
            } finally {
                place.drop(DATABASE);
            }
            System.out.printf(
                    "%s; %,d events; medians of %d rounds after one that does not count%n%n",
                    place.description(), events, groupBy.length);
        }
        print("GROUP BY day, name", groupBy);
        print("smartdata verify", verify);
        System.out.printf(Locale.ROOT, "ratio %.1f%n", seconds(verify) / seconds(groupBy));
    }

    private static void fill(SmartDataContender smartData, int events) {
        IngestWorkload.batches(events, 10_000, 1).forEach(smartData::write);
    }

    private static void verify(SmartDataContender smartData, int events) {
        Verification found = smartData.smartData().kpis(smartData.scope()).verify(FROM, TO);
        if (!found.clean() || found.events() != events) {
            throw new IllegalStateException(
                    "%d events, %d differences".formatted(found.events(), found.differenceCount()));
        }
    }

    private static void group(Connection connection, String table, int events) throws SQLException {
        long counted = 0;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT day, name, count(*), sum(value) FROM " + table + " GROUP BY day, name")) {
            while (rows.next()) {
                counted += rows.getLong(3);
            }
        }
        if (counted < events) {
            throw new IllegalStateException("Counted " + counted + " of " + events);
        }
    }

    private static double seconds(Cost[] costs) {
        return Figures.median(Arrays.stream(costs).mapToDouble(Cost::seconds).toArray());
    }

    private static void print(String what, Cost[] costs) {
        System.out.printf(
                Locale.ROOT,
                "%-20s %7.2f s %12.0f events/s %8.2f CPU us/event%n",
                what,
                seconds(costs),
                costs[0].events() / seconds(costs),
                Figures.median(Arrays.stream(costs)
                        .mapToDouble(Cost::cpuMicrosPerEvent)
                        .toArray()));
    }
}
