package io.smartdata.jdbc;

import io.smartdata.jdbc.fault.InterceptedDataSource;
import io.smartdata.promise.Trials;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.StringJoiner;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.sqlite.SQLiteConfig.TransactionMode;
import org.sqlite.SQLiteConnection;

/**
 * Whatever happened to an org, its figures are those of its events. More histories: {@code mvn verify -Psoak}, or
 * {@code -Dsmartdata.histories=1000 -Dsmartdata.history.seed=1}.
 */
@Timeout(300)
class RandomHistoryTest {
    private static final int STEPS = 30;

    static LongStream seeds() {
        long first = Long.getLong("smartdata.history.seed", 20_261_121);
        return LongStream.range(first, first + Integer.getInteger("smartdata.histories", Trials.rounds(3, 100)));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void figuresOnSqliteAreThoseOfTheEvents(long seed) throws Exception {
        live(seed, new SqliteSite());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void figuresOnPostgresAreThoseOfTheEvents(long seed) throws Exception {
        live(seed, new PostgresSite());
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void figuresUnderRowSecurityAreThoseOfTheEvents(long seed) throws Exception {
        live(seed, new RowSecuritySite());
    }

    private static void live(long seed, RandomHistory.Site site) throws Exception {
        boolean lived = false;
        try (RandomHistory history = new RandomHistory(seed, site)) {
            history.run(STEPS);
            lived = true;
        } finally {
            Trials.report("P5", "random history, every figure recounted in SQL", 1, lived ? 0 : 1);
        }
    }

    private static class PostgresSite implements RandomHistory.Site {
        private final InterceptedDataSource dataSource;

        PostgresSite() {
            this(Databases.newPostgresUrl());
        }

        PostgresSite(String url) {
            this.dataSource = new InterceptedDataSource(url);
        }

        @Override
        public InterceptedDataSource dataSource() {
            return dataSource;
        }

        @Override
        public Connection begun() throws SQLException {
            Connection connection = dataSource.newConnection();
            connection.setAutoCommit(false);
            return connection;
        }

        @Override
        public String localEvents(ZoneId zone) {
            return """
                    SELECT s.name AS source, e.name, e.event_id, e.event_id_text, e.occurred_at, e.subject,
                        CAST(e.value * 100 AS BIGINT) AS cents, COALESCE(CAST(e.properties AS json) ->> 'country', '') AS country,
                        to_char((timestamp 'epoch' + e.occurred_at * interval '1 microsecond') AT TIME ZONE 'UTC'
                            AT TIME ZONE '%s', 'YYYY-MM-DD') AS day
                    FROM smartdata.event e
                    JOIN smartdata.org o ON o.org_no = e.org_no
                    JOIN smartdata.source s ON s.org_id = o.org_id AND s.source_id = e.source_id
                    WHERE o.org_id = ?
                    """.formatted(zone.getId().equals("Z") ? "UTC" : zone.getId());
        }
    }

    private static final class RowSecuritySite extends PostgresSite {
        private final String url;

        RowSecuritySite() {
            this(Databases.newRowSecurityUrl());
        }

        private RowSecuritySite(String url) {
            super(url);
            this.url = url;
        }

        @Override
        public Connection reader() throws SQLException {
            return DriverManager.getConnection(Databases.as("postgres", url));
        }
    }

    private static final class SqliteSite implements RandomHistory.Site {
        private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
        private static final Instant LAST = Instant.parse("2026-12-31T00:00:00Z");

        private final InterceptedDataSource dataSource =
                new InterceptedDataSource(Databases.newSqliteUrl() + "?journal_mode=WAL&busy_timeout=10000");

        @Override
        public InterceptedDataSource dataSource() {
            return dataSource;
        }

        @Override
        public Connection begun() throws SQLException {
            Connection connection = dataSource.newConnection();
            connection.unwrap(SQLiteConnection.class).setCurrentTransactionMode(TransactionMode.IMMEDIATE);
            connection.setAutoCommit(false);
            return connection;
        }

        /** SQLite knows no zones, so the offsets of the zone come along as rows. */
        @Override
        public String localEvents(ZoneId zone) {
            return """
                    SELECT s.name AS source, e.name, e.event_id, e.event_id_text, e.occurred_at, e.subject,
                        CAST(ROUND(e.value * 100) AS INTEGER) AS cents, COALESCE(json_extract(e.properties, '$.country'), '') AS country,
                        date(e.occurred_at / 1000000 + z.column3, 'unixepoch') AS day
                    FROM sd_event e
                    JOIN sd_org o ON o.org_no = e.org_no
                    JOIN sd_source s ON s.org_id = o.org_id AND s.source_id = e.source_id
                    JOIN (VALUES %s) z ON e.occurred_at / 1000000 >= z.column1 AND e.occurred_at / 1000000 < z.column2
                    WHERE o.org_id = ?
                    """.formatted(offsets(zone.getRules()));
        }

        /** First second, first second after, offset. */
        private static String offsets(ZoneRules rules) {
            StringJoiner rows = new StringJoiner(", ");
            for (Instant from = FIRST; from.isBefore(LAST); ) {
                var change = rules.nextTransition(from);
                Instant to = change == null || change.getInstant().isAfter(LAST) ? LAST : change.getInstant();
                rows.add("(%d, %d, %d)"
                        .formatted(
                                from.getEpochSecond(),
                                to.getEpochSecond(),
                                rules.getOffset(from).getTotalSeconds()));
                from = to;
            }
            return rows.toString();
        }
    }
}
