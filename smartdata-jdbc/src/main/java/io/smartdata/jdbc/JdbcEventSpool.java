package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.emit.SpoolSize;
import io.smartdata.emit.TransactionalEventSpool;
import io.smartdata.emit.WaitingEvent;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.StoreUnavailableException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * An outbox: events wait in a table of the host's PostgreSQL or SQLite database, and those of a host's transaction wait if and
 * only if it commits. Emitters of many nodes may share a queue: each takes events that nobody else holds, and what a node took
 * and never sent is free again when its lease is over.
 *
 * @since 0.1.0
 */
public final class JdbcEventSpool implements TransactionalEventSpool {
    private static final Duration COUNT_LASTS = Duration.ofSeconds(10);

    private final Database database;
    private final OutboxSettings settings;
    private final String insert;
    private final String take;
    private final String delete;
    private final String release;
    private final String size;
    private long counted;
    private long countedAt = System.nanoTime() - COUNT_LASTS.toNanos();
    private volatile boolean closed;

    private JdbcEventSpool(Database database, OutboxSettings settings) {
        this.database = database;
        this.settings = settings;
        this.insert = sql("INSERT INTO #outbox (queue, id, event, held_until) VALUES (:queue, :id, :event, 0)");
        this.take = sql("""
                WITH free AS (
                    SELECT id, LENGTH(event) AS bytes FROM #outbox WHERE queue = :queue AND held_until <= %1$s
                    ORDER BY id LIMIT :events""" + database.dialect().forUpdateSkipLocked() + """

                ), fitting AS (
                    SELECT id, bytes, SUM(bytes) OVER (ORDER BY id) AS bytes_so_far FROM free
                )
                UPDATE #outbox SET held_until = %1$s + :lease WHERE queue = :queue
                    AND id IN (SELECT id FROM fitting WHERE bytes_so_far <= :bytes OR bytes_so_far = bytes)
                RETURNING id, event, held_until
                """);
        this.delete = sql("DELETE FROM #outbox WHERE queue = :queue AND id = :id");
        this.release =
                sql("UPDATE #outbox SET held_until = 0 WHERE queue = :queue AND id = :id AND held_until = :held_until");
        this.size = sql("SELECT COUNT(*), COALESCE(SUM(LENGTH(event)), 0) FROM #outbox WHERE queue = :queue");
    }

    private String sql(String text) {
        return database.dialect().tables(text.formatted(database.dialect().now()));
    }

    /** As {@link #open(DataSource, OutboxSettings)} with the defaults. */
    public static JdbcEventSpool open(DataSource dataSource, String queue) {
        return open(dataSource, OutboxSettings.of(queue));
    }

    /**
     * Opens a queue in the host's database, through its pool; the host closes that.
     *
     * @throws StoreUnavailableException if the database cannot be reached
     * @throws SmartDataException {@code schema_mismatch} if the tables are not those of this version and may not be changed,
     *     {@code unsupported_database}
     */
    public static JdbcEventSpool open(DataSource dataSource, OutboxSettings settings) {
        requireNonNull(settings, "settings");
        Database database = new Database(
                requireNonNull(dataSource, "dataSource"),
                JdbcStorage.detect(dataSource).dialect());
        switch (settings.schema()) {
            case MIGRATE -> {
                database.prepare();
                new Migrations(database).migrate();
            }
            case VALIDATE -> new Migrations(database).validate();
            case NONE -> {}
        }
        return new JdbcEventSpool(database, settings);
    }

    @Override
    public int append(List<byte[]> events) {
        requireOpen();
        int fitting = (int) Math.min(events.size(), room());
        if (fitting > 0) {
            database.write(Actor.OWNER, handle -> insert(handle, events.subList(0, fitting)));
            count(fitting);
        }
        return fitting;
    }

    /** Not exact: other nodes may have added events since they were counted. */
    private synchronized long room() {
        long now = System.nanoTime();
        if (now - countedAt >= COUNT_LASTS.toNanos()) {
            counted = size().events();
            countedAt = now;
        }
        return Math.max(0, settings.maxEvents() - counted);
    }

    private synchronized void count(long change) {
        counted = Math.max(0, counted + change);
    }

    @Override
    public void append(HostTransaction transaction, List<byte[]> events) {
        requireOpen();
        if (!(transaction instanceof JdbcStorage.JoinedConnection joined)) {
            throw new IllegalArgumentException(
                    "Only a transaction made by JdbcStorage.joining(connection) can be joined");
        }
        database.joined(Actor.OWNER, joined.connection(), handle -> insert(handle, events));
    }

    private int insert(Handle handle, List<byte[]> events) {
        try (PreparedBatch batch = handle.prepareBatch(insert)) {
            for (byte[] event : events) {
                batch.bind("queue", settings.queue())
                        .bind("id", Columns.bytes(OrderedIds.next()))
                        .bind("event", event)
                        .add();
            }
            batch.execute();
        }
        return events.size();
    }

    @Override
    public List<WaitingEvent> take(int maxEvents, long maxBytes) {
        requireOpen();
        return database
                .write(
                        Actor.OWNER,
                        handle -> handle.createQuery(take)
                                .bind("queue", settings.queue())
                                .bind("events", maxEvents)
                                .bind("bytes", maxBytes)
                                .bind("lease", settings.lease().toNanos() / 1_000)
                                .map((row, context) -> Held.of(row))
                                .list())
                .stream()
                .sorted(Comparator.comparing(Held::hex))
                .map(Held::event)
                .toList();
    }

    /** An event of this node's, and until when; the ticket says both, so that nobody lets go of what another node holds. */
    private record Held(UUID id, long until, byte[] json) {
        static Held of(ResultSet row) throws SQLException {
            return new Held(Columns.uuid(row.getBytes(1)), row.getLong(3), row.getBytes(2));
        }

        static Held of(WaitingEvent event) {
            int slash = event.ticket().indexOf('/');
            return new Held(
                    UUID.fromString(event.ticket().substring(0, slash)),
                    Long.parseLong(event.ticket().substring(slash + 1)),
                    event.json());
        }

        /** Sorts as the key does. */
        String hex() {
            return id.toString();
        }

        WaitingEvent event() {
            return new WaitingEvent(id + "/" + until, json);
        }
    }

    @Override
    public void remove(List<WaitingEvent> done) {
        if (!done.isEmpty()) {
            count(-forEach(delete, done));
        }
    }

    @Override
    public void release(List<WaitingEvent> later) {
        if (!later.isEmpty()) {
            forEach(release, later);
        }
    }

    /** In the order of their keys: two nodes that change the same rows do not wait for each other in a circle. */
    private int forEach(String statement, List<WaitingEvent> events) {
        requireOpen();
        return database.write(Actor.OWNER, handle -> {
            try (PreparedBatch batch = handle.prepareBatch(statement)) {
                events.stream()
                        .map(Held::of)
                        .sorted(Comparator.comparing(Held::hex))
                        .forEach(held -> batch.bind("queue", settings.queue())
                                .bind("id", Columns.bytes(held.id()))
                                .bind("held_until", held.until())
                                .add());
                int changed = 0;
                for (int rows : batch.execute()) {
                    changed += Math.max(0, rows);
                }
                return changed;
            }
        });
    }

    @Override
    public SpoolSize size() {
        requireOpen();
        return database.read(
                Actor.OWNER,
                handle -> handle.createQuery(size)
                        .bind("queue", settings.queue())
                        .map((row, context) -> new SpoolSize(row.getLong(1), row.getLong(2)))
                        .one());
    }

    @Override
    public boolean durable() {
        return true;
    }

    private void requireOpen() {
        if (closed) {
            throw new SmartDataException("spool_closed", "The spool is closed. Nothing was kept.");
        }
    }

    /** The pool is the host's. */
    @Override
    public void close() {
        closed = true;
    }
}
