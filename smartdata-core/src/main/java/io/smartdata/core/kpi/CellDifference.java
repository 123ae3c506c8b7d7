package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.kpi.CellKey;
import java.util.List;

/**
 * A cell that is not what its raw events give.
 *
 * @param key address of the cell
 * @param kpis names of the KPIs that read the cell
 * @param kind what is wrong
 * @param storedEvents events in the stored cell; 0 if it is missing
 * @param countedEvents events found in the raw events; 0 if there are none
 * @since 0.1.0
 */
public record CellDifference(CellKey key, List<String> kpis, Kind kind, long storedEvents, long countedEvents) {
    public CellDifference {
        requireNonNull(key, "key");
        requireNonNull(kind, "kind");
        kpis = List.copyOf(kpis);
    }

    /** What can be wrong with a cell. */
    public enum Kind {
        /** Events but no cell. */
        MISSING,
        /** A cell but no event. */
        UNEXPECTED,
        /** Both, but not the same bytes. */
        DIFFERENT,
        /** The stored bytes cannot be read. */
        DAMAGED
    }
}
