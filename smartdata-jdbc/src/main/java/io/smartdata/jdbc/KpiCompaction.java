package io.smartdata.jdbc;

import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.Compaction;
import io.smartdata.storage.StateMerge;
import io.smartdata.tenancy.OrgSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultIterator;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Moves deltas into cells, a piece of the key order at a time. The guard row remembers the last key, so that pieces go
 * round and none reads again over the rows that an earlier one deleted.
 */
final class KpiCompaction {
    private static final String KEY = "family, bucket, source, dimension";

    /** Cells in memory at once: a state may have tens of kilobytes. */
    private static final int CELLS_AT_ONCE = 500;

    private static final CellKey START = new CellKey("", "", "", "");

    private final Dialect dialect;
    private final String takeGuard;
    private final String moveOn;
    private final String deltas;
    private final String cells;
    private final String delete;

    KpiCompaction(Dialect dialect) {
        this.dialect = dialect;
        String piece = """
                org_id = :org AND generation = :generation
                    AND (family, bucket, source, dimension) > (:family, :bucket, :source, :dimension)
                """;
        String bounded = piece + """
                    AND (family, bucket, source, dimension, delta_id)
                        <= (:lastFamily, :lastBucket, :lastSource, :lastDimension, :lastDelta)
                """;
        this.takeGuard = dialect.tables(
                "SELECT last_family, last_bucket, last_source, last_dimension FROM #guard WHERE org_id = :org"
                        + dialect.forUpdateSkipLocked());
        this.moveOn = dialect.tables("""
                UPDATE #guard SET turn = turn + 1, last_family = :family, last_bucket = :bucket, last_source = :source,
                    last_dimension = :dimension
                WHERE org_id = :org
                """);
        this.deltas = dialect.tables("SELECT " + KEY + ", delta_id, state FROM #kpi_delta WHERE " + piece + "ORDER BY "
                + KEY + ", delta_id LIMIT :rows");
        // A subquery a key, not a join: whatever the planner believes of a queue, it looks each cell up.
        this.cells = dialect.tables("""
                SELECT family, bucket, source, dimension, (
                    SELECT c.state FROM #kpi_cell c
                    WHERE c.org_id = :org AND c.generation = :generation AND c.family = d.family AND c.bucket = d.bucket
                        AND c.source = d.source AND c.dimension = d.dimension)
                FROM (SELECT DISTINCT family, bucket, source, dimension FROM #kpi_delta WHERE %s) d
                """.formatted(bounded));
        this.delete = dialect.tables("DELETE FROM #kpi_delta WHERE " + bounded);
    }

    /** A delta row with what identifies it. */
    private record DeltaRow(KpiDelta delta, byte[] id) {
        CellKey key() {
            return delta.key();
        }
    }

    /** Rows that follow a key. */
    private record Piece(CellKey after, List<DeltaRow> rows, boolean full) {
        DeltaRow last() {
            return rows.get(rows.size() - 1);
        }
    }

    /** Takes a piece, unless another transaction holds the guard. */
    Compaction run(Handle handle, OrgSettings org, int rows, long bytes, StateMerge merge) {
        Optional<CellKey> last = handle.createQuery(takeGuard)
                .bind("org", org.org().value())
                .map((row, context) -> JdbcKpiStore.key(row))
                .findOne();
        if (last.isEmpty()) {
            return new Compaction(0, Compaction.End.BUSY);
        }
        Piece piece = take(handle, org, last.get(), rows, bytes);
        if (piece.rows().isEmpty() && !piece.after().equals(START)) {
            piece = take(handle, org, START, rows, bytes);
        }
        if (piece.rows().isEmpty()) {
            return new Compaction(0, Compaction.End.NOTHING_LEFT);
        }
        merge(handle, org, piece, merge);
        bindPiece(handle.createUpdate(delete), org, piece.after(), piece.last()).execute();
        bindKey(handle.createUpdate(moveOn), piece.full() ? piece.last().key() : START)
                .bind("org", org.org().value())
                .execute();
        boolean all = piece.after().equals(START) && !piece.full();
        return new Compaction(piece.rows().size(), all ? Compaction.End.NOTHING_LEFT : Compaction.End.FULL);
    }

    private Piece take(Handle handle, OrgSettings org, CellKey after, int rows, long bytes) {
        List<DeltaRow> taken = new ArrayList<>();
        long size = 0;
        try (Query query = handle.createQuery(deltas).setFetchSize(Math.min(dialect.fetchSize(), CELLS_AT_ONCE));
                ResultIterator<DeltaRow> found = bindKey(query, after)
                        .bind("org", org.org().value())
                        .bind("generation", org.generation())
                        .bind("rows", rows)
                        .map((row, context) ->
                                new DeltaRow(new KpiDelta(JdbcKpiStore.key(row), row.getBytes(6)), row.getBytes(5)))
                        .iterator()) {
            while (found.hasNext()) {
                DeltaRow next = found.next();
                size += next.delta().state().length;
                if (size > bytes && !taken.isEmpty()) {
                    return new Piece(after, taken, true);
                }
                taken.add(next);
            }
        }
        return new Piece(after, taken, taken.size() == rows);
    }

    private void merge(Handle handle, OrgSettings org, Piece piece, StateMerge merge) {
        Map<CellKey, List<byte[]>> states = new TreeMap<>();
        CellKey after = piece.after();
        DeltaRow last = piece.last();
        for (DeltaRow row : piece.rows()) {
            if (states.size() == CELLS_AT_ONCE && !states.containsKey(row.key())) {
                merge(handle, org, after, last, states, merge);
                after = last.key();
                states.clear();
            }
            states.computeIfAbsent(row.key(), key -> new ArrayList<>())
                    .add(row.delta().state());
            last = row;
        }
        merge(handle, org, after, last, states, merge);
    }

    private void merge(
            Handle handle,
            OrgSettings org,
            CellKey after,
            DeltaRow last,
            Map<CellKey, List<byte[]>> states,
            StateMerge merge) {
        bindPiece(handle.createQuery(cells), org, after, last)
                .map((row, context) -> new Cell(JdbcKpiStore.key(row), Optional.ofNullable(row.getBytes(5))))
                .forEach(cell -> cell.state()
                        .ifPresent(state -> states.computeIfAbsent(cell.key(), key -> new ArrayList<>())
                                .add(state)));
        List<KpiDelta> merged = new ArrayList<>(states.size());
        states.forEach((key, added) -> merged.add(new KpiDelta(key, merge.merge(key.family(), added))));
        JdbcKpiStore.putCells(handle, dialect, org.org(), org.generation(), merged);
    }

    private record Cell(CellKey key, Optional<byte[]> state) {}

    private static <S extends SqlStatement<S>> S bindPiece(S statement, OrgSettings org, CellKey after, DeltaRow last) {
        return bindKey(statement, after)
                .bind("org", org.org().value())
                .bind("generation", org.generation())
                .bind("lastFamily", last.key().family())
                .bind("lastBucket", last.key().bucket())
                .bind("lastSource", last.key().source())
                .bind("lastDimension", last.key().dimension())
                .bind("lastDelta", last.id());
    }

    private static <S extends SqlStatement<S>> S bindKey(S statement, CellKey key) {
        return statement
                .bind("family", key.family())
                .bind("bucket", key.bucket())
                .bind("source", key.source())
                .bind("dimension", key.dimension());
    }
}
