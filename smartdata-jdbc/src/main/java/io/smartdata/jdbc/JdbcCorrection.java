package io.smartdata.jdbc;

import io.smartdata.event.Event;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.Correction;
import io.smartdata.storage.EventPage;
import io.smartdata.storage.EventPageQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.EventSelection;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.StoredDefinition;
import io.smartdata.tenancy.OrgScope;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;

/** One correction on an open connection: an append that sees one snapshot and may change what is stored. */
final class JdbcCorrection extends JdbcAppend implements Correction {
    private final KpiSnapshot snapshot;
    private final SelectedEvents selected;

    private JdbcCorrection(
            Handle handle, OrgScope scope, OrgRow row, long freshAsOf, Dialect dialect, JdbcEventStore events) {
        super(handle, dialect, row, scope.caller(), false);
        this.snapshot = new JdbcKpiStore.Snapshot(handle, scope, row.settings(), freshAsOf, dialect, events);
        this.selected = new SelectedEvents(handle, dialect, row.settings(), row.no());
    }

    static JdbcCorrection begin(Handle handle, OrgScope scope, Dialect dialect, JdbcEventStore events) {
        dialect.holdEvents(handle);
        long freshAsOf = JdbcKpiStore.begun(handle, dialect);
        JdbcKpiStore.takeGuard(handle, dialect, scope.org());
        return new JdbcCorrection(handle, scope, org(handle, dialect, scope.org()), freshAsOf, dialect, events);
    }

    @Override
    public void selected(EventSelection selection, Consumer<StoredEvent> sink) {
        selected.scan(selection, sink);
    }

    @Override
    public long delete(EventSelection selection) {
        return selected.delete(selection);
    }

    @Override
    public void addTombstones(List<byte[]> keyHashes) {
        Tombstones.add(handle, dialect, org.org(), keyHashes);
    }

    @Override
    public void freeIdempotencyKeys(Set<UUID> receiptIds) {
        PreparedBatch batch = handle.prepareBatch(dialect.tables("""
                UPDATE #receipt SET idempotency_key = NULL, content_hash = NULL
                WHERE org_id = :org AND id = :id AND idempotency_key IS NOT NULL
                """));
        receiptIds.forEach(id -> batch.bind("org", org.org().value())
                .bind("id", Columns.bytes(id))
                .add());
        batch.execute();
    }

    @Override
    public void replaceCells(Set<CellKey> keys, List<KpiDelta> cells) {
        for (String table : List.of("#kpi_delta", "#kpi_cell")) {
            PreparedBatch batch = handle.prepareBatch(dialect.tables("DELETE FROM " + table + """
                     WHERE org_id = :org AND generation = :generation AND family = :family AND bucket = :bucket
                        AND source = :source AND dimension = :dimension
                    """));
            keys.forEach(key ->
                    JdbcKpiStore.bind(batch, org.org(), org.generation(), key).add());
            batch.execute();
        }
        JdbcKpiStore.putCells(handle, dialect, org.org(), org.generation(), cells);
    }

    @Override
    public Instant dataFreshAsOf() {
        return snapshot.dataFreshAsOf();
    }

    @Override
    public List<StoredDefinition> definitions() {
        return snapshot.definitions();
    }

    @Override
    public void states(CellRange range, Consumer<KpiDelta> sink) {
        snapshot.states(range, sink);
    }

    @Override
    public void activity(CellRange range, BiConsumer<String, String> sink) {
        snapshot.activity(range, sink);
    }

    @Override
    public Set<String> families() {
        return snapshot.families();
    }

    @Override
    public CellRange span() {
        return snapshot.span();
    }

    @Override
    public void events(EventRange range, Consumer<Event> sink) {
        snapshot.events(range, sink);
    }

    @Override
    public EventPage page(EventPageQuery query) {
        return snapshot.page(query);
    }
}
