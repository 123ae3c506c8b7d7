package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import java.util.List;

/**
 * What a comparison of stored cells with raw events found.
 *
 * @param cells cells compared, stored or counted
 * @param events raw events counted
 * @param frozen stored cells that could not be compared since their raw events are gone
 * @param differenceCount cells that differ
 * @param differences the first of these, at most {@value #MAX_LISTED}
 * @param from first local day, inclusive
 * @param to last local day, exclusive
 * @since 0.1.0
 */
public record Verification(
        long cells,
        long events,
        long frozen,
        long differenceCount,
        List<CellDifference> differences,
        LocalDate from,
        LocalDate to) {
    /** Most differences listed. */
    public static final int MAX_LISTED = 1_000;

    public Verification {
        differences = List.copyOf(differences);
        requireNonNull(from, "from");
        requireNonNull(to, "to");
    }

    /** True if no cell differs. */
    public boolean clean() {
        return differenceCount == 0;
    }
}
