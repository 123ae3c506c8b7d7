package io.smartdata.benchmarks;

import io.smartdata.core.kpi.Kpis;
import io.smartdata.kpi.KpiQuery;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Cost of the daily series of one KPI over a year, beside reading 365 rows of a plain table of totals; both SQLite in memory.
 * Run: {@code java -jar benchmarks/target/benchmarks.jar QueryBenchmark}.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(3)
public class QueryBenchmark {
    private static final String URL = "jdbc:sqlite::memory:";
    private static final LocalDate FIRST = LocalDate.parse("2024-01-01");
    private static final LocalDate END = FIRST.plusDays(365);
    private static final KpiQuery YEAR = KpiQuery.of("order_placed.sum").between(FIRST, END);

    private final SmartDataContender smartData = SmartDataContender.open(URL);
    private final Kpis kpis = smartData.smartData().kpis(smartData.scope());
    private final PlainTotals totals = PlainTotals.open();

    private record PlainTotals(Connection connection, PreparedStatement query) {
        /** Ten names, a year each. */
        static PlainTotals open() {
            try {
                Connection connection = DriverManager.getConnection(URL);
                try (Statement statement = connection.createStatement()) {
                    statement.execute("""
                            CREATE TABLE total (name TEXT, day INTEGER, value TEXT, PRIMARY KEY (name, day)) WITHOUT ROWID
                            """);
                    statement.execute("""
                            WITH RECURSIVE d (day) AS (SELECT 0 UNION ALL SELECT day + 1 FROM d WHERE day < 3649)
                            INSERT INTO total SELECT 'name_' || (day % 10), day / 10, day || '.25' FROM d
                            """);
                }
                return new PlainTotals(
                        connection,
                        connection.prepareStatement(
                                "SELECT value FROM total WHERE name = 'name_5' AND day BETWEEN 0 AND 364"));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    @Setup
    public void fill() {
        smartData.write(
                new IngestWorkload(1).batch(10_000, Instant.parse("2024-01-01T00:00:00Z"), Duration.ofDays(365)));
        kpis.compact();
    }

    @TearDown
    public void close() throws SQLException {
        smartData.close();
        totals.connection.close();
    }

    @Benchmark
    public int series() {
        return kpis.series(YEAR).points().size();
    }

    @Benchmark
    public long plainRows() throws SQLException {
        long read = 0;
        try (ResultSet rows = totals.query.executeQuery()) {
            while (rows.next()) {
                read += rows.getBigDecimal(1).unscaledValue().longValue();
            }
        }
        return read;
    }
}
