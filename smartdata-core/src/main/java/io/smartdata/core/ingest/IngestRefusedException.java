package io.smartdata.core.ingest;

import io.smartdata.SmartDataException;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.Rejection;
import java.util.List;

/**
 * A strict or validated input was refused because of its rows; nothing was stored. The code is that of the first bad row.
 *
 * @since 0.1.0
 */
public final class IngestRefusedException extends SmartDataException {
    private static final long serialVersionUID = 1L;

    private final transient List<EventOutcome> badRows;
    private final long badRowCount;

    IngestRefusedException(List<EventOutcome> badRows, long badRowCount) {
        super(first(badRows).code().code(), message(badRows, badRowCount));
        this.badRows = List.copyOf(badRows);
        this.badRowCount = badRowCount;
    }

    /** The first bad rows, in order; at most 100. */
    public List<EventOutcome> badRows() {
        return badRows;
    }

    /** All bad rows, listed or not. */
    public long badRowCount() {
        return badRowCount;
    }

    private static Rejection first(List<EventOutcome> badRows) {
        Rejection rejection = badRows.get(0).rejection();
        if (rejection == null) {
            throw new IllegalArgumentException("A bad row says why");
        }
        return rejection;
    }

    private static String message(List<EventOutcome> badRows, long count) {
        Rejection rejection = first(badRows);
        return "Row %d%s: %s %s Nothing was stored. Correct the rows, or use lenient mode to store the good ones."
                .formatted(
                        badRows.get(0).row(),
                        rejection.field() == null ? "" : ", field " + rejection.field(),
                        rejection.message(),
                        count == 1 ? "It is the only bad row." : count + " rows are bad.");
    }
}
