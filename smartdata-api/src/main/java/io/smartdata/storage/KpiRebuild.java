package io.smartdata.storage;

import io.smartdata.audit.AuditEntry;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import java.util.List;

/**
 * A snapshot whose cells may be replaced.
 *
 * @since 0.1.0
 */
public interface KpiRebuild extends KpiSnapshot {
    /**
     * Deletes the cells and deltas of {@code range} that the snapshot shows and writes {@code cells} instead.
     *
     * @param cells at most one per key, all within {@code range}
     */
    void replace(CellRange range, List<KpiDelta> cells);

    /** Writes down who did what in this transaction. */
    void audit(AuditEntry entry);
}
