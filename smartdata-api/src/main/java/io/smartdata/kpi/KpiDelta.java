package io.smartdata.kpi;

import static java.util.Objects.requireNonNull;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a set of events adds to a cell; or a whole cell, which is the same thing for all its events. The state is opaque
 * to stores: canonical bytes that only KPI mathematics reads and merges.
 *
 * @param key address of the cell
 * @param state canonical bytes; equal sets of events give equal bytes; not copied
 * @since 0.1.0
 */
public record KpiDelta(CellKey key, byte[] state) {
    public KpiDelta {
        requireNonNull(key, "key");
        requireNonNull(state, "state");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KpiDelta delta && key.equals(delta.key) && Arrays.equals(state, delta.state);
    }

    @Override
    public int hashCode() {
        return 31 * key.hashCode() + Arrays.hashCode(state);
    }
}
