package io.smartdata.kpi;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * Cells of one family or all, in a range of local days.
 *
 * @param family one family, or null for all
 * @param source one source, or null for all
 * @param from first local day, inclusive
 * @param to last local day, exclusive
 * @since 0.1.0
 */
public record CellRange(@Nullable String family, @Nullable String source, LocalDate from, LocalDate to) {
    /** Before every event: 1970-01-01, minus a day for zones west of UTC. */
    public static final LocalDate FIRST_DAY = LocalDate.of(1969, 12, 31);

    /** After every event an org can hold. */
    public static final LocalDate END = LocalDate.of(9999, 12, 31);

    public CellRange {
        requireNonNull(from, "from");
        requireNonNull(to, "to");
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("A range ends at or after its start, was %s to %s".formatted(from, to));
        }
    }

    /** All cells of these local days. */
    public static CellRange days(LocalDate from, LocalDate to) {
        return new CellRange(null, null, from, to);
    }

    /** All cells. */
    public static CellRange all() {
        return days(FIRST_DAY, END);
    }

    /** Only this family. */
    public CellRange withFamily(@Nullable String newFamily) {
        return new CellRange(newFamily, source, from, to);
    }

    /** Only this source. */
    public CellRange withSource(@Nullable String newSource) {
        return new CellRange(family, newSource, from, to);
    }

    /** First bucket text in the range, inclusive. */
    public String fromBucket() {
        return from.toString();
    }

    /** First bucket text after the range. */
    public String toBucket() {
        return to.toString();
    }
}
