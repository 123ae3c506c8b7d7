package io.smartdata.core.kpi;

import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.KpiDelta;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The cells that one step of a plan touches, found by source, dimension value and bucket without making their keys. */
final class StepCells {
    private final KpiPlan.Step step;
    private final Map<String, OfSource> bySource = new HashMap<>();
    private @Nullable OfSource last;

    StepCells(KpiPlan.Step step) {
        this.step = step;
    }

    KpiFamily family() {
        return step.family();
    }

    List<KpiPlan.Breakdown> breakdowns() {
        return step.breakdowns();
    }

    OfSource of(String source) {
        OfSource found = last;
        if (found == null || !found.source.equals(source)) {
            found = bySource.computeIfAbsent(source, OfSource::new);
            last = found;
        }
        return found;
    }

    void deltas(List<KpiDelta> sink) {
        bySource.values().forEach(cells -> cells.deltas(sink));
    }

    /** Cells of one source. */
    final class OfSource {
        private final String source;
        private final Row total = new Row(step.family());
        private final List<Map<String, Row>> breakdowns = new ArrayList<>();

        OfSource(String source) {
            this.source = source;
            step.breakdowns().forEach(breakdown -> breakdowns.add(new HashMap<>()));
        }

        Row total() {
            return total;
        }

        /**
         * @param breakdown place in {@link KpiPlan.Step#breakdowns()}
         * @param text of the dimension; null if the event lacks it
         */
        Row breakdown(int breakdown, @Nullable String text) {
            Map<String, Row> rows = breakdowns.get(breakdown);
            Row row = rows.get(text == null ? "" : text);
            if (row == null) {
                row = rows.computeIfAbsent(KpiFamily.dimensionValue(text), absent -> new Row(step.family()));
            }
            return row;
        }

        private void deltas(List<KpiDelta> sink) {
            total.deltas(step.family().id(), source, "", sink);
            for (int i = 0; i < breakdowns.size(); i++) {
                KpiPlan.Breakdown breakdown = step.breakdowns().get(i);
                breakdowns
                        .get(i)
                        .forEach((value, row) ->
                                row.deltas(breakdown.family(), source, breakdown.dimension() + "=" + value, sink));
            }
        }
    }

    /** Cells that differ in their bucket only: a hash table with linear probing, at most half full. */
    static final class Row {
        private static final long MIX = 0x9e3779b97f4a7c15L;

        private final KpiFamily family;
        private long[] buckets = new long[4];
        private @Nullable KpiState[] states = new @Nullable KpiState[4];
        private int size;

        Row(KpiFamily family) {
            this.family = family;
        }

        /** The cell of a bucket by its {@link LocalBuckets#number}; a new one if there is none. */
        KpiState at(long bucket) {
            int slot = slot(bucket);
            KpiState state = states[slot];
            if (state == null) {
                state = family.emptyState();
                buckets[slot] = bucket;
                states[slot] = state;
                if (++size * 2 > states.length) {
                    grow();
                }
            }
            return state;
        }

        private int slot(long bucket) {
            int mask = states.length - 1;
            int slot = (int) ((bucket * MIX) >>> 32) & mask;
            while (states[slot] != null && buckets[slot] != bucket) {
                slot = (slot + 1) & mask;
            }
            return slot;
        }

        private void grow() {
            long[] oldBuckets = buckets;
            @Nullable KpiState[] oldStates = states;
            buckets = new long[2 * oldBuckets.length];
            states = new @Nullable KpiState[buckets.length];
            for (int i = 0; i < oldStates.length; i++) {
                if (oldStates[i] != null) {
                    int slot = slot(oldBuckets[i]);
                    buckets[slot] = oldBuckets[i];
                    states[slot] = oldStates[i];
                }
            }
        }

        private void deltas(String familyId, String source, String dimension, List<KpiDelta> sink) {
            Grain grain = family.grain();
            for (int i = 0; i < states.length; i++) {
                KpiState state = states[i];
                if (state != null) {
                    CellKey key = new CellKey(familyId, LocalBuckets.text(buckets[i], grain), source, dimension);
                    sink.add(new KpiDelta(key, state.bytes()));
                }
            }
        }
    }
}
