package io.smartdata.jdbc;

import io.smartdata.event.StoredEvent;
import io.smartdata.storage.ArrivalPage;
import io.smartdata.storage.ArrivalPosition;
import io.smartdata.storage.ArrivalQuery;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/**
 * The order of arrival. A transaction leaves the keys of what it stored, in pieces without a number; whoever reads gives
 * numbers to the pieces that are committed, behind those given before. So neither a clock nor a sequence decides, and a
 * commit that comes late is not overlooked.
 */
final class Arrivals {
    /** Keys of a piece: enough to make rows few, few enough that a page reads little it does not show. */
    private static final int MAX_PIECE = 1000;

    private static final int KEY_BYTES = 2 * Integer.BYTES + 16;
    private static final int ID_BYTES = 16;
    private static final int NUMBERED_AT_ONCE = 1000;
    private static final int KEYS_IN_LIST = 500;

    /** A clock further ahead than this was set back; to wait for it would be worse than two transactions of one time. */
    private static final long MAX_AHEAD_MICROS = 1_000_000;

    private static final String NUMBER = """
            UPDATE #arrival SET number = :number
            WHERE org_no = :org AND received_at = :receivedAt AND batch_id = :batch AND piece = :piece
            """;

    private final Database database;
    private final Dialect dialect;

    Arrivals(Database database) {
        this.database = database;
        this.dialect = database.dialect();
    }

    /**
     * When a transaction began, made different from those committed before, so that the time tells which of several events
     * under one key a piece means: a clock may tick slowly.
     */
    static long readAt(long now, long lastArrival) {
        return lastArrival >= now && lastArrival - now < MAX_AHEAD_MICROS ? lastArrival + 1 : now;
    }

    /** What a transaction has stored. */
    static final class Added {
        private final Handle handle;
        private final Dialect dialect;
        private final int orgNo;
        private final long receivedAt;
        private final byte[] batch = Columns.bytes(UUID.randomUUID());
        private final ByteBuffer keys = ByteBuffer.allocate(MAX_PIECE * KEY_BYTES);
        private int pieces;

        Added(Handle handle, Dialect dialect, int orgNo, long receivedAt) {
            this.handle = handle;
            this.dialect = dialect;
            this.orgNo = orgNo;
            this.receivedAt = receivedAt;
        }

        void add(EventRow row) {
            keys.putInt(row.day()).putInt(row.sourceId()).putLong(row.high()).putLong(row.low());
            if (!keys.hasRemaining()) {
                finish();
            }
        }

        /** Writes what was not written yet. */
        void finish() {
            if (keys.position() == 0) {
                return;
            }
            byte[] written = new byte[keys.position()];
            keys.flip().get(written);
            keys.clear();
            handle.createUpdate(dialect.tables("""
                            INSERT INTO #arrival (org_no, received_at, batch_id, piece, event_count, event_keys)
                            VALUES (:org, :receivedAt, :batch, :piece, :count, :keys)
                            """))
                    .bind("org", orgNo)
                    .bind("receivedAt", receivedAt)
                    .bind("batch", batch)
                    .bind("piece", pieces++)
                    .bind("count", written.length / KEY_BYTES)
                    .bind("keys", written)
                    .execute();
        }
    }

    /** Numbers more than a page can show, so that whoever goes on reading comes to the end of it. */
    ArrivalPage read(OrgScope scope, ArrivalQuery query) {
        number(scope);
        return database.read(Actor.of(scope), handle -> {
            dialect.holdEvents(handle);
            Optional<Integer> orgNo = orgNo(handle, scope.org());
            return orgNo.isEmpty()
                    ? new ArrivalPage(List.of(), query.after(), false)
                    : new Page(handle, orgNo.get(), scope.org(), query).read();
        });
    }

    ArrivalPosition last(OrgScope scope) {
        while (number(scope) == NUMBERED_AT_ONCE) {
            // there are more
        }
        return database.read(
                Actor.of(scope),
                handle -> handle.createQuery(dialect.tables("""
                                SELECT number, event_count FROM #arrival
                                WHERE org_no = (SELECT org_no FROM #org WHERE org_id = :org) AND number IS NOT NULL
                                ORDER BY number DESC LIMIT 1
                                """))
                        .bind("org", scope.org().value())
                        .map((row, context) -> new ArrivalPosition(row.getLong(1), row.getInt(2)))
                        .findOne()
                        .orElse(ArrivalPosition.START));
    }

    private Optional<Integer> orgNo(Handle handle, OrgId org) {
        return handle.createQuery(dialect.tables("SELECT org_no FROM #org WHERE org_id = :org"))
                .bind("org", org.value())
                .mapTo(Integer.class)
                .findOne();
    }

    /** Looks first: who finds nothing new writes nothing. */
    private int number(OrgScope scope) {
        return database.read(
                        Actor.of(scope),
                        handle -> unnumbered(handle, scope.org(), 1).isEmpty())
                ? 0
                : database.write(Actor.repeating(scope), handle -> number(handle, scope.org()));
    }

    private record Unnumbered(int orgNo, long receivedAt, byte[] batch, int piece) {}

    private List<Unnumbered> unnumbered(Handle handle, OrgId org, int limit) {
        return handle.createQuery(dialect.tables("""
                        SELECT org_no, received_at, batch_id, piece FROM #arrival
                        WHERE org_no = (SELECT org_no FROM #org WHERE org_id = :org) AND number IS NULL
                        ORDER BY received_at, batch_id, piece LIMIT :limit
                        """))
                .bind("org", org.value())
                .bind("limit", limit)
                .map((row, context) -> new Unnumbered(row.getInt(1), row.getLong(2), row.getBytes(3), row.getInt(4)))
                .list();
    }

    /** One at a time in an org: the numbers of a commit are all smaller than those of the next. */
    private int number(Handle handle, OrgId org) {
        int orgNo = orgNo(handle, org).orElseThrow(JdbcEventStore::unknownOrg);
        handle.createUpdate(dialect.tables("""
                        INSERT INTO #arrival_number (org_no, last) VALUES (:org, 0) ON CONFLICT (org_no) DO NOTHING
                        """)).bind("org", orgNo).execute();
        long last = handle.createQuery(
                        dialect.tables("SELECT last FROM #arrival_number WHERE org_no = :org") + dialect.forUpdate())
                .bind("org", orgNo)
                .mapTo(Long.class)
                .one();
        List<Unnumbered> waiting = unnumbered(handle, org, NUMBERED_AT_ONCE);
        PreparedBatch batch = handle.prepareBatch(dialect.tables(NUMBER));
        for (Unnumbered piece : waiting) {
            batch.bind("number", ++last)
                    .bind("org", piece.orgNo())
                    .bind("receivedAt", piece.receivedAt())
                    .bind("batch", piece.batch())
                    .bind("piece", piece.piece())
                    .add();
        }
        batch.execute();
        handle.createUpdate(dialect.tables("UPDATE #arrival_number SET last = :last WHERE org_no = :org"))
                .bind("last", last)
                .bind("org", orgNo)
                .execute();
        return waiting.size();
    }

    private record Piece(long number, long receivedAt, ByteBuffer keys) {
        int size() {
            return keys.limit() / KEY_BYTES;
        }

        EventKey key(int index) {
            int at = index * KEY_BYTES;
            return new EventKey(
                    keys.getInt(at),
                    keys.getInt(at + Integer.BYTES),
                    ByteBuffer.wrap(keys.array(), at + 2 * Integer.BYTES, ID_BYTES)
                            .slice());
        }
    }

    private record EventKey(int day, int sourceId, ByteBuffer id) {
        byte[] idBytes() {
            byte[] bytes = new byte[ID_BYTES];
            id.duplicate().get(bytes);
            return bytes;
        }
    }

    private record DayAndSource(int day, int sourceId) {}

    /** One page in its snapshot. */
    private final class Page {
        private final Handle handle;
        private final int orgNo;
        private final ArrivalQuery query;
        private final Map<Integer, String> sources;
        private final List<StoredEvent> events = new ArrayList<>();
        private ArrivalPosition next;
        private int looked;

        Page(Handle handle, int orgNo, OrgId org, ArrivalQuery query) {
            this.handle = handle;
            this.orgNo = orgNo;
            this.query = query;
            this.sources = Sources.names(handle, dialect, org);
            this.next = query.after();
        }

        ArrivalPage read() {
            long number = next.piece() == 0 ? firstSince() : next.piece();
            while (events.size() < query.limit() && looked < query.looked()) {
                Optional<Piece> piece = piece(number);
                if (piece.isEmpty()) {
                    return new ArrivalPage(events, next, false);
                }
                read(piece.get());
                number = piece.get().number() + (next.read() == piece.get().size() ? 1 : 0);
            }
            return new ArrivalPage(events, next, piece(number).isPresent());
        }

        /** No event before this piece was received so late. */
        private long firstSince() {
            Instant since = query.filter().receivedSince();
            return since == null
                    ? 0
                    : handle.createQuery(dialect.tables("""
                                    SELECT COALESCE(MIN(number), %d) FROM #arrival
                                    WHERE org_no = :org AND received_at >= :since AND number IS NOT NULL
                                    """.formatted(Long.MAX_VALUE)))
                            .bind("org", orgNo)
                            .bind("since", Columns.micros(since))
                            .mapTo(Long.class)
                            .one();
        }

        /** The first from a number on of which something is left to read. */
        private Optional<Piece> piece(long number) {
            return handle.createQuery(dialect.tables("""
                            SELECT number, received_at, event_keys FROM #arrival
                            WHERE org_no = :org AND number >= :number AND NOT (number = :next AND event_count <= :read)
                            ORDER BY number LIMIT 1
                            """))
                    .bind("org", orgNo)
                    .bind("number", number)
                    .bind("next", next.piece())
                    .bind("read", next.read())
                    .map((row, context) -> new Piece(row.getLong(1), row.getLong(2), ByteBuffer.wrap(row.getBytes(3))))
                    .findOne();
        }

        /** A run of the piece, no longer than what the page still has room for, unless few of it are wanted. */
        private void read(Piece piece) {
            int from = piece.number() == next.piece() ? next.read() : 0;
            while (from < piece.size() && events.size() < query.limit()) {
                int to = Math.min(piece.size(), from + Math.max(query.limit() - events.size(), KEYS_IN_LIST));
                Map<EventKey, StoredEvent> found = stored(piece, from, to);
                while (from < to && events.size() < query.limit()) {
                    StoredEvent stored = found.get(piece.key(from++));
                    if (stored != null && query.filter().accepts(stored)) {
                        events.add(stored);
                    }
                }
                next = new ArrivalPosition(piece.number(), from);
            }
            looked += piece.size();
        }

        /** What is stored under these keys since the piece came. */
        private Map<EventKey, StoredEvent> stored(Piece piece, int from, int to) {
            Map<DayAndSource, List<byte[]>> ids = new HashMap<>();
            for (int i = from; i < to; i++) {
                EventKey key = piece.key(i);
                ids.computeIfAbsent(new DayAndSource(key.day(), key.sourceId()), absent -> new ArrayList<>())
                        .add(key.idBytes());
            }
            Map<EventKey, StoredEvent> found = new HashMap<>();
            ids.forEach((where, all) -> {
                for (int i = 0; i < all.size(); i += KEYS_IN_LIST) {
                    find(piece, where, all.subList(i, Math.min(all.size(), i + KEYS_IN_LIST)), found);
                }
            });
            return found;
        }

        private void find(Piece piece, DayAndSource where, List<byte[]> ids, Map<EventKey, StoredEvent> found) {
            handle.createQuery(dialect.tables("""
                            SELECT %s FROM #event
                            WHERE org_no = :org AND day = :day AND source_id = :source AND event_id IN (<ids>)
                                AND received_at = :receivedAt
                            """.formatted(JdbcEventStore.STORED_COLUMNS)))
                    .bind("org", orgNo)
                    .bind("day", where.day())
                    .bind("source", where.sourceId())
                    .bind("receivedAt", piece.receivedAt())
                    .bindList("ids", ids)
                    .map((row, context) -> JdbcEventStore.stored(row, sources))
                    .forEach(stored -> found.put(
                            new EventKey(
                                    where.day(),
                                    where.sourceId(),
                                    ByteBuffer.wrap(stored.event().id().key())),
                            stored));
        }
    }
}
