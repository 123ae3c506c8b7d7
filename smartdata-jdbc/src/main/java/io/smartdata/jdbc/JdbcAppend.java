package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Outcome;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.AppendTransaction;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.StoredReceipt;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** One append on an open connection. */
final class JdbcAppend implements AppendTransaction {
    private final Handle handle;
    private final Dialect dialect;
    private final OrgSettings org;
    private final long receivedAt;
    private final boolean provisional;
    private final Set<String> sources = new TreeSet<>();

    private JdbcAppend(Handle handle, Dialect dialect, OrgSettings org, long receivedAt, boolean provisional) {
        this.handle = handle;
        this.dialect = dialect;
        this.org = org;
        this.receivedAt = receivedAt;
        this.provisional = provisional;
    }

    static JdbcAppend begin(Handle handle, Dialect dialect, OrgId org, boolean provisional) {
        OrgSettings settings =
                JdbcOrgStore.find(handle, dialect, org, dialect.forShare()).orElseThrow(JdbcEventStore::unknownOrg);
        return new JdbcAppend(handle, dialect, settings, now(handle, dialect), provisional);
    }

    static long now(Handle handle, Dialect dialect) {
        return handle.createQuery("SELECT " + dialect.now()).mapTo(Long.class).one();
    }

    @Override
    public OrgSettings org() {
        return org;
    }

    @Override
    public Instant receivedAt() {
        return Columns.instant(receivedAt);
    }

    @Override
    public boolean provisional() {
        return provisional;
    }

    @Override
    public Optional<StoredReceipt> claim(UUID receiptId, String key, byte[] contentHash) {
        while (!insertClaim(receiptId, key, contentHash)) {
            Claimed claimed = claimed(key);
            if (!Arrays.equals(claimed.contentHash(), contentHash)) {
                throw new SmartDataException(
                        "idempotency_key_reused",
                        "This idempotency key was used for a call with other content. Nothing was stored. Use a new key.");
            }
            if (claimed.receipt().complete()) {
                return Optional.of(claimed.receipt());
            }
            takeOver(claimed.receipt().id());
        }
        return Optional.empty();
    }

    private record Claimed(StoredReceipt receipt, byte[] contentHash) {}

    private Claimed claimed(String key) {
        return handle.createQuery(
                        dialect.tables("SELECT * FROM #receipt WHERE org_id = :org AND idempotency_key = :key"))
                .bind("org", org.org().value())
                .bind("key", key)
                .map((row, context) -> new Claimed(JdbcEventStore.receipt(row), row.getBytes("content_hash")))
                .one();
    }

    private boolean insertClaim(UUID receiptId, String key, byte[] contentHash) {
        return handle.createUpdate(dialect.tables("""
                                        INSERT INTO #receipt (org_id, id, source, received, accepted, duplicates, conflicts, rejected,
                                            complete, json, received_at, idempotency_key, content_hash)
                                        VALUES (:org, :id, '', 0, 0, 0, 0, 0, 0, '', :receivedAt, :key, :hash)
                                        ON CONFLICT (org_id, idempotency_key) WHERE idempotency_key IS NOT NULL DO NOTHING
                                        """))
                        .bind("org", org.org().value())
                        .bind("id", Columns.bytes(receiptId))
                        .bind("receivedAt", receivedAt)
                        .bind("key", key)
                        .bind("hash", contentHash)
                        .execute()
                == 1;
    }

    /** A call that died between two pieces lost its key; what it stored stays, and is found to be duplicate. */
    private void takeOver(UUID deadReceipt) {
        handle.createUpdate(
                        dialect.tables(
                                "UPDATE #receipt SET idempotency_key = NULL, content_hash = NULL WHERE org_id = :org AND id = :id"))
                .bind("org", org.org().value())
                .bind("id", Columns.bytes(deadReceipt))
                .execute();
    }

    @Override
    public List<Outcome> insert(List<EventCandidate> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        List<EventRow> rows = events.stream().map(EventRow::of).toList();
        Map<EventRow.Key, EventRow> firsts = new HashMap<>(rows.size() * 2);
        rows.forEach(row -> firsts.putIfAbsent(row.key(), row));
        List<EventRow> sorted =
                firsts.values().stream().sorted(EventRow.KEY_ORDER).toList();
        try {
            return outcomes(rows, firsts, sorted);
        } catch (SQLException e) {
            throw new DeferredSqlException(e);
        }
    }

    private List<Outcome> outcomes(List<EventRow> rows, Map<EventRow.Key, EventRow> firsts, List<EventRow> sorted)
            throws SQLException {
        Set<Integer> inserted = dialect.insertEvents(handle, org.org(), sorted, receivedAt);
        Map<EventRow.Key, byte[]> storedBefore = new HashMap<>();
        if (inserted.size() < sorted.size()) {
            List<EventRow> inTheWay = new ArrayList<>();
            for (int i = 0; i < sorted.size(); i++) {
                if (!inserted.contains(i)) {
                    inTheWay.add(sorted.get(i));
                }
            }
            List<byte[]> fingerprints = dialect.fingerprints(handle, org.org(), inTheWay);
            for (int i = 0; i < inTheWay.size(); i++) {
                storedBefore.put(inTheWay.get(i).key(), fingerprints.get(i));
            }
        }
        inserted.forEach(i -> sources.add(sorted.get(i).candidate().event().source()));
        List<Outcome> outcomes = new ArrayList<>(rows.size());
        for (EventRow row : rows) {
            EventRow.Key key = row.key();
            outcomes.add(outcome(row, requireNonNull(firsts.get(key)), storedBefore.get(key)));
        }
        return outcomes;
    }

    /** Whoever is stored under the key decides what everybody else with it is. */
    @SuppressWarnings("ReferenceEquality")
    private static Outcome outcome(EventRow row, EventRow first, byte @Nullable [] storedBefore) {
        if (storedBefore == null && row == first) {
            return Outcome.ACCEPTED;
        }
        byte[] stored = storedBefore == null ? first.candidate().fingerprint() : storedBefore;
        return Arrays.equals(stored, row.candidate().fingerprint()) ? Outcome.DUPLICATE : Outcome.CONFLICT;
    }

    @Override
    public void addDeltas(long generation, List<KpiDelta> deltas) {
        JdbcKpiStore.insertDeltas(handle, dialect, org.org(), generation, receivedAt, deltas);
    }

    @Override
    public void addDeadLetters(List<DeadLetter> letters) {
        JdbcDeadLetterStore.insert(handle, dialect, org.org(), receivedAt, letters);
    }

    @Override
    public void settleDeadLetter(UUID id, DeadLetter.Status status) {
        handle.createUpdate(dialect.tables("""
                                UPDATE #dead_letter SET status = :status, attempts = attempts + 1
                                WHERE org_id = :org AND id = :id
                                """))
                .bind("status", status.name())
                .bind("org", org.org().value())
                .bind("id", Columns.bytes(id))
                .execute();
    }

    @Override
    public void putReceipt(StoredReceipt receipt) {
        handle.createUpdate(dialect.tables("""
                                INSERT INTO #receipt (org_id, id, source, received, accepted, duplicates, conflicts, rejected,
                                    complete, json, received_at)
                                VALUES (:org, :id, :source, :received, :accepted, :duplicates, :conflicts, :rejected,
                                    :complete, :json, :receivedAt)
                                ON CONFLICT (org_id, id) DO UPDATE SET source = excluded.source, received = excluded.received,
                                    accepted = excluded.accepted, duplicates = excluded.duplicates,
                                    conflicts = excluded.conflicts, rejected = excluded.rejected,
                                    complete = excluded.complete, json = excluded.json
                                """))
                .bind("org", org.org().value())
                .bind("id", Columns.bytes(receipt.id()))
                .bind("source", receipt.source())
                .bind("received", receipt.received())
                .bind("accepted", receipt.accepted())
                .bind("duplicates", receipt.duplicates())
                .bind("conflicts", receipt.conflicts())
                .bind("rejected", receipt.rejected())
                .bind("complete", receipt.complete() ? 1 : 0)
                .bind("json", receipt.json())
                .bind("receivedAt", receivedAt)
                .execute();
    }

    /**
     * Rows that concurrent writers share are touched last, in one order, and left to whoever holds them: host transactions of
     * one source must not wait for each other's end.
     */
    void finish() {
        if (sources.isEmpty()) {
            return;
        }
        forEachSource("""
                INSERT INTO #source (org_id, name, first_received_at, last_received_at)
                SELECT :org, :name, :at, :at
                WHERE NOT EXISTS (SELECT 1 FROM #source WHERE org_id = :org AND name = :name)
                ON CONFLICT (org_id, name) DO NOTHING
                """);
        forEachSource("""
                UPDATE #source SET last_received_at = :at
                WHERE org_id = :org AND name IN (
                    SELECT name FROM #source WHERE org_id = :org AND name = :name AND last_received_at < :at%s)
                """.formatted(dialect.forUpdateSkipLocked()));
    }

    private void forEachSource(String sql) {
        PreparedBatch batch = handle.prepareBatch(dialect.tables(sql));
        sources.forEach(source -> batch.bind("org", org.org().value())
                .bind("name", source)
                .bind("at", receivedAt)
                .add());
        batch.execute();
    }
}
