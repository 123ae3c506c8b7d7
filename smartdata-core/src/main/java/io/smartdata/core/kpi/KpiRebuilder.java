package io.smartdata.core.kpi;

import io.smartdata.SmartDataException;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.KpiRebuild;
import java.time.LocalDate;

/**
 * Counts raw events again and replaces the cells; equal events give equal bytes.
 *
 * @since 0.1.0
 */
public final class KpiRebuilder {
    private KpiRebuilder() {}

    /**
     * What a rebuild did.
     *
     * @param cells cells written
     * @param events raw events counted
     * @since 0.1.0
     */
    public record Rebuilt(long cells, long events) {}

    /**
     * Rebuilds the cells of a range of local days, in the org's zone. Memory is bounded by the cells of a month.
     *
     * @param catalog the definitions of the rebuild's generation
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @throws SmartDataException {@code raw_gone} if raw events of the range are no longer kept; nothing is changed
     */
    public static Rebuilt rebuild(KpiRebuild rebuild, KpiCatalog catalog, LocalDate from, LocalDate to) {
        CellRange range = CellRange.days(from, to);
        LocalDate whole = KpiRecount.firstWholeDay(rebuild);
        if (from.isBefore(whole)) {
            throw new SmartDataException(
                    "raw_gone",
                    "Raw events before %s are no longer kept, so earlier cells cannot be counted again. Nothing was changed. Rebuild from %s on."
                            .formatted(whole, whole));
        }
        long[] done = new long[2];
        new KpiRecount(rebuild, catalog).forEachWindow(range.from(), range.to(), window -> {
            rebuild.replace(CellRange.days(window.from(), window.to()), window.cells());
            done[0] += window.cells().size();
            done[1] += window.events();
        });
        return new Rebuilt(done[0], done[1]);
    }

    /** Rebuilds every day whose raw events are all kept; also fills the cells of a new generation. */
    public static Rebuilt rebuildAll(KpiRebuild rebuild, KpiCatalog catalog) {
        return rebuild(rebuild, catalog, KpiRecount.firstWholeDay(rebuild), CellRange.END);
    }
}
