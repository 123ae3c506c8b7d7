package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditEntry;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.Outcome;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.AppendTransaction;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.StoredDeadLetter;
import io.smartdata.storage.StoredReceipt;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** One append on an open connection. */
class JdbcAppend implements AppendTransaction {
    final Handle handle;
    final Dialect dialect;
    final int orgNo;
    final OrgSettings org;
    private final Caller caller;
    private final long receivedAt;
    private final boolean provisional;
    private final boolean declaredSources;
    private final boolean tombstones;
    private final Sources sources;
    private final Arrivals.Added arrived;
    private final Set<String> accepted = new HashSet<>();

    JdbcAppend(Handle handle, Dialect dialect, OrgRow org, Caller caller, boolean provisional) {
        this.handle = handle;
        this.dialect = dialect;
        this.orgNo = org.no();
        this.org = org.settings();
        this.caller = caller;
        this.receivedAt = org.readAt();
        this.provisional = provisional;
        this.declaredSources = org.declaredSources();
        this.tombstones = org.tombstones();
        this.sources = new Sources(handle, dialect, this.org.org());
        this.arrived = new Arrivals.Added(handle, dialect, orgNo, receivedAt);
    }

    static JdbcAppend begin(Handle handle, Dialect dialect, OrgScope scope, boolean provisional) {
        return new JdbcAppend(handle, dialect, org(handle, dialect, scope.org()), scope.caller(), provisional);
    }

    /** The org's row, held as it is until the commit. */
    static OrgRow org(Handle handle, Dialect dialect, OrgId org) {
        return JdbcOrgStore.row(handle, dialect, org, dialect.forShare()).orElseThrow(JdbcEventStore::unknownOrg);
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
    public boolean requiresDeclaredSources() {
        return declaredSources;
    }

    @Override
    public Set<String> undeclared(Set<String> names) {
        return sources.undeclared(names);
    }

    @Override
    public ConflictPolicy conflictPolicy(String source) {
        return sources.conflictPolicy(source);
    }

    @Override
    public boolean hasTombstones() {
        return tombstones;
    }

    @Override
    public BitSet tombstoned(List<byte[]> keyHashes) {
        return Tombstones.find(handle, dialect, org.org(), keyHashes);
    }

    @Override
    public List<Outcome> insert(List<EventCandidate> events) {
        if (events.isEmpty()) {
            return List.of();
        }
        Comparator<EventRow> identity =
                org.identityScope() == IdentityScope.DAY ? EventRow.KEY_ORDER : EventRow.ID_ORDER;
        EventRow[] rows = rows(events);
        Arrays.sort(rows, identity);
        List<EventRow> firsts = firsts(rows, identity);
        try {
            return outcomes(rows, firsts, store(firsts), identity);
        } catch (SQLException e) {
            throw new DeferredSqlException(e);
        }
    }

    private EventRow[] rows(List<EventCandidate> events) {
        Set<String> names = new HashSet<>();
        events.forEach(event -> names.add(event.event().source()));
        Map<String, Integer> ids = sources.ids(names, receivedAt);
        EventRow[] rows = new EventRow[events.size()];
        for (int i = 0; i < rows.length; i++) {
            EventCandidate event = events.get(i);
            rows[i] = EventRow.of(i, requireNonNull(ids.get(event.event().source())), event);
        }
        return rows;
    }

    /** Sorting left events of one identity in the order of the list. */
    private static List<EventRow> firsts(EventRow[] rows, Comparator<EventRow> identity) {
        List<EventRow> firsts = new ArrayList<>(rows.length);
        for (int i = 0; i < rows.length; i++) {
            if (i == 0 || identity.compare(rows[i], rows[i - 1]) != 0) {
                firsts.add(rows[i]);
            }
        }
        return firsts;
    }

    /** For each row the fingerprint that was stored under its identity before; null if the row is stored now. */
    private byte[] @Nullable [] store(List<EventRow> rows) throws SQLException {
        EventTable table = dialect.events();
        if (org.identityScope() == IdentityScope.DAY) {
            return table.insert(handle.getConnection(), orgNo, rows, receivedAt);
        }
        byte[] @Nullable [] storedBefore = table.takeForever(handle.getConnection(), orgNo, rows);
        List<EventRow> taken = new ArrayList<>(rows.size());
        for (int i = 0; i < storedBefore.length; i++) {
            if (storedBefore[i] == null) {
                taken.add(rows.get(i));
            }
        }
        taken.sort(EventRow.KEY_ORDER);
        table.insert(handle.getConnection(), orgNo, taken, receivedAt);
        return storedBefore;
    }

    /** Whoever is stored under the identity decides what everybody else with it is. */
    private List<Outcome> outcomes(
            EventRow[] rows, List<EventRow> firsts, byte[] @Nullable [] storedBefore, Comparator<EventRow> identity) {
        Outcome[] outcomes = new Outcome[rows.length];
        int next = 0;
        for (int i = 0; i < firsts.size(); i++) {
            EventRow first = firsts.get(i);
            byte[] stored = storedBefore[i];
            if (stored == null) {
                outcomes[first.position()] = Outcome.ACCEPTED;
                accepted.add(first.candidate().event().source());
                arrived.add(first);
                stored = first.candidate().fingerprint();
                next++;
            }
            while (next < rows.length && identity.compare(rows[next], first) == 0) {
                EventRow row = rows[next++];
                outcomes[row.position()] = row.sameContent(stored) ? Outcome.DUPLICATE : Outcome.CONFLICT;
            }
        }
        return List.of(outcomes);
    }

    @Override
    public void addDeltas(long generation, List<KpiDelta> deltas) {
        if (!deltas.isEmpty()) {
            DeltaRows rows = new DeltaRows(org.org(), generation, UUID.randomUUID(), receivedAt, deltas);
            try {
                dialect.insertDeltas(handle, rows);
            } catch (SQLException e) {
                throw new DeferredSqlException(e);
            }
        }
    }

    @Override
    public long openDeadLetters(long limit) {
        return handle.createQuery(dialect.tables("""
                        SELECT COUNT(*) FROM (
                            SELECT 1 FROM #dead_letter WHERE org_id = :org AND status = :open LIMIT :limit) counted
                        """))
                .bind("org", org.org().value())
                .bind("open", DeadLetter.Status.OPEN.name())
                .bind("limit", limit)
                .mapTo(Long.class)
                .one();
    }

    @Override
    public void addDeadLetters(List<StoredDeadLetter> letters) {
        JdbcDeadLetterStore.insert(handle, dialect, org.org(), receivedAt, letters);
    }

    @Override
    public Optional<DeadLetter> lockDeadLetter(UUID id) {
        return JdbcDeadLetterStore.lock(handle, dialect, org.org(), id);
    }

    @Override
    public void settleDeadLetter(UUID id, DeadLetter.Status status) {
        JdbcDeadLetterStore.settle(handle, dialect, org.org(), id, status);
    }

    @Override
    public long discardDeadLetters(DeadLetterFilter filter, String note) {
        return JdbcDeadLetterStore.discard(handle, dialect, org.org(), filter, note);
    }

    @Override
    public long reopenDeadLetters(DeadLetterFilter filter) {
        return JdbcDeadLetterStore.reopen(handle, dialect, org.org(), filter);
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

    @Override
    public void audit(AuditEntry entry) {
        JdbcAuditStore.insert(handle, dialect, org.org(), caller, entry);
    }

    /** Last thing before the commit. */
    void finish() {
        arrived.finish();
        sources.received(accepted, receivedAt);
    }
}
