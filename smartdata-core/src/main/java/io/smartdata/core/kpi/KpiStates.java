package io.smartdata.core.kpi;

import io.smartdata.storage.StateMerge;
import java.util.List;

/**
 * Merges the states of one cell, for compaction.
 *
 * @since 0.1.0
 */
public final class KpiStates implements StateMerge {
    @Override
    public byte[] merge(String family, List<byte[]> states) {
        if (states.size() == 1) {
            return states.get(0);
        }
        // All states of a cell have its source, so the empty one in its place decides no tie.
        KpiState merged = KpiState.of(states.get(0), "");
        for (byte[] state : states.subList(1, states.size())) {
            merged.merge(KpiState.of(state, ""));
        }
        return merged.bytes();
    }
}
