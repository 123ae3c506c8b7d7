package io.smartdata.jdbc;

import io.smartdata.SmartDataException;
import io.smartdata.storage.Upkeep;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;

/**
 * Months of the event table on PostgreSQL: the current UTC month and the next two, and of the last 24 those that have rows in
 * the default partition. Every other day stays in the default partition.
 *
 * <p>Each month is one transaction that alone holds the default partition, moves the month's rows and attaches their new
 * table, so that a reader finds every row once and the primary key goes on to be the authority on duplicates. Meanwhile
 * whoever needs the default partition waits: appends to months without a partition, look-ups of duplicates, and reads of
 * events. The wait is that of moving the month's rows (measured in {@code docs/storage.md}) and of one scan of the default
 * partition, by which the server proves that nothing was forgotten; with nothing to move it is milliseconds.
 *
 * <p>An append that chose the default partition before the move is refused by the server after it, and runs again. A
 * transaction that reads events holds them where they are from before its snapshot ({@link Dialect#holdEvents}): else it could
 * be planned after the move and see the time before it, when the new month was empty.
 */
final class Partitions {
    private static final int PAST_MONTHS = 24;
    private static final int NEXT_MONTHS = 2;

    /**
     * A lock that is waited for makes others queue behind the one who waits. A statement that takes this long would keep
     * ingest waiting for longer than its callers do.
     */
    private static final String LIMITS = "SET LOCAL lock_timeout = '2s'; SET LOCAL statement_timeout = '60s'";

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String QUERY_CANCELED = "57014";

    private static final String MAY_CHANGE_TABLES = """
            SELECT pg_has_role(relowner, 'USAGE') AND has_schema_privilege(relnamespace, 'CREATE')
            FROM pg_class WHERE oid = 'smartdata.event'::regclass
            """;
    private static final String MADE = """
            SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = 'smartdata.event'::regclass
            """;
    private static final String DAYS_WITHOUT_A_MONTH =
            "SELECT DISTINCT day FROM smartdata.event_default WHERE day >= :from AND day < :to";

    private final Database database;

    Partitions(Database database) {
        this.database = database;
    }

    /** One month of the event table. */
    private record Month(YearMonth month) {
        static Month ofDay(long day) {
            return new Month(YearMonth.from(LocalDate.ofEpochDay(day)));
        }

        long from() {
            return month.atDay(1).toEpochDay();
        }

        long to() {
            return month.plusMonths(1).atDay(1).toEpochDay();
        }

        String table() {
            return Partitions.table(month);
        }

        String sql(String statement) {
            return statement.formatted(table(), from(), to());
        }
    }

    /** Name of a month's partition. */
    static String table(YearMonth month) {
        return "event_%04d_%02d".formatted(month.getYear(), month.getMonthValue());
    }

    /** Makes the missing months, the latest first; ends at the first that somebody stands in the way of. */
    Upkeep run() {
        if (!database.read(Actor.OWNER, Partitions::mayChangeTables)) {
            return new Upkeep(
                    List.of(),
                    0,
                    false,
                    "Partitions were left out: this role does not own the table smartdata.event or may not create tables in"
                            + " its schema. Events are safe in the default partition. Run smartdata maintain with the role"
                            + " that migrates.");
        }
        List<String> made = new ArrayList<>();
        long moved = 0;
        for (Month month : database.read(Actor.OWNER, this::missing)) {
            try {
                OptionalLong rows = database.write(Actor.OWNER, handle -> make(handle, month));
                if (rows.isPresent()) {
                    made.add(month.table());
                    moved += rows.getAsLong();
                }
            } catch (SmartDataException e) {
                return new Upkeep(made, moved, false, left(month, e));
            }
        }
        return new Upkeep(made, moved, true, "Every month that should have a partition has one.");
    }

    private static boolean mayChangeTables(Handle handle) {
        return handle.createQuery(MAY_CHANGE_TABLES).mapTo(Boolean.class).one();
    }

    private List<Month> missing(Handle handle) {
        YearMonth now = YearMonth.from(
                Columns.instant(JdbcKpiStore.begun(handle, database.dialect())).atOffset(ZoneOffset.UTC));
        Set<YearMonth> wanted = new TreeSet<>(Comparator.reverseOrder());
        for (int ahead = 0; ahead <= NEXT_MONTHS; ahead++) {
            wanted.add(now.plusMonths(ahead));
        }
        handle.createQuery(DAYS_WITHOUT_A_MONTH)
                .bind("from", new Month(now.minusMonths(PAST_MONTHS)).from())
                .bind("to", new Month(now).from())
                .mapTo(Long.class)
                .forEach(day -> wanted.add(Month.ofDay(day).month()));
        Set<String> made = handle.createQuery(MADE).mapTo(String.class).set();
        return wanted.stream()
                .map(Month::new)
                .filter(month -> !made.contains(month.table()))
                .toList();
    }

    /**
     * In one transaction, under a lock on the parent that only this job takes, so of two nodes one comes second. Without an
     * index the rows go in quicker; attaching builds it. The check tells the server that the new table needs no scan.
     *
     * @return rows moved; empty if another node was first
     */
    private static OptionalLong make(Handle handle, Month month) throws SQLException {
        execute(handle, LIMITS);
        execute(handle, "LOCK TABLE ONLY smartdata.event IN SHARE UPDATE EXCLUSIVE MODE");
        if (handle.createQuery(MADE).mapTo(String.class).set().contains(month.table())) {
            return OptionalLong.empty();
        }
        execute(handle, month.sql("""
                CREATE TABLE smartdata.%1$s (LIKE smartdata.event INCLUDING ALL EXCLUDING INDEXES,
                    CONSTRAINT days_of_month CHECK (day >= %2$d AND day < %3$d))
                """));
        execute(handle, "LOCK TABLE smartdata.event_default IN ACCESS EXCLUSIVE MODE");
        long moved = handle.execute(month.sql("""
                INSERT INTO smartdata.%1$s SELECT * FROM smartdata.event_default WHERE day >= %2$d AND day < %3$d
                """));
        if (moved > 0) {
            handle.execute(month.sql("DELETE FROM smartdata.event_default WHERE day >= %2$d AND day < %3$d"));
        }
        execute(handle, month.sql("""
                ALTER TABLE smartdata.event ATTACH PARTITION smartdata.%1$s FOR VALUES FROM (%2$d) TO (%3$d)
                """));
        execute(handle, month.sql("ALTER TABLE smartdata.%1$s DROP CONSTRAINT days_of_month"));
        return OptionalLong.of(moved);
    }

    private static void execute(Handle handle, String sql) throws SQLException {
        try (var statement = handle.getConnection().createStatement()) {
            statement.execute(sql);
        }
    }

    /** What keeps a month from being made and goes away by itself, or with help; anything else is thrown on. */
    private static String left(Month month, SmartDataException failure) {
        SQLException cause = Transaction.sqlException(failure);
        String state = cause == null ? null : cause.getSQLState();
        if (LOCK_NOT_AVAILABLE.equals(state)) {
            return "The partition %s was left for the next run: other transactions held the event table for more than two seconds. Its events are safe in the default partition."
                    .formatted(month.table());
        }
        if (QUERY_CANCELED.equals(state)) {
            return "The partition %s was left out: moving its events would have kept ingest waiting for more than a minute. They are safe in the default partition, and are moved by hand in a quiet hour (docs/storage.md)."
                    .formatted(month.table());
        }
        throw failure;
    }
}
