package io.smartdata.core.kpi;

import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.KpiSnapshot;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Counts raw events again and compares each cell byte for byte.
 *
 * @since 0.1.0
 */
public final class KpiVerifier {
    private static final KpiStates MERGE = new KpiStates();

    private final List<CellDifference> differences = new ArrayList<>();
    private long differenceCount;
    private long cells;
    private long events;
    private long frozen;

    private final KpiCatalog catalog;

    private KpiVerifier(KpiCatalog catalog) {
        this.catalog = catalog;
    }

    /**
     * Verifies the cells of a range of local days, in the org's zone. Memory is bounded by the cells of a month.
     *
     * @param catalog the definitions of the snapshot's generation
     * @param from first local day, inclusive; days whose raw events are gone are reported as frozen
     * @param to last local day, exclusive
     */
    public static Verification verify(KpiSnapshot snapshot, KpiCatalog catalog, LocalDate from, LocalDate to) {
        CellRange range = CellRange.days(from, to);
        KpiVerifier verifier = new KpiVerifier(catalog);
        LocalDate whole = KpiRecount.firstWholeDay(snapshot);
        LocalDate start = whole.isAfter(range.to()) ? range.to() : whole.isAfter(from) ? whole : from;
        verifier.countFrozen(snapshot, CellRange.days(from, start));
        new KpiRecount(snapshot, catalog).forEachWindow(start, to, window -> verifier.compare(snapshot, window));
        return new Verification(
                verifier.cells,
                verifier.events,
                verifier.frozen,
                verifier.differenceCount,
                verifier.differences,
                from,
                to);
    }

    private void countFrozen(KpiSnapshot snapshot, CellRange range) {
        if (range.from().isBefore(range.to())) {
            Cells stored = new Cells((key, state) -> frozen++);
            snapshot.states(range, stored::add);
            stored.finish();
        }
    }

    private void compare(KpiSnapshot snapshot, KpiRecount.Window window) {
        events += window.events();
        Map<CellKey, byte[]> counted = new TreeMap<>();
        window.cells().forEach(cell -> counted.put(cell.key(), cell.state()));
        Cells stored = new Cells((key, states) -> compare(key, states, counted.remove(key)));
        snapshot.states(CellRange.days(window.from(), window.to()), stored::add);
        stored.finish();
        counted.forEach((key, state) -> {
            cells++;
            report(key, CellDifference.Kind.MISSING, 0, eventsOf(state));
        });
    }

    private void compare(CellKey key, List<byte[]> states, byte @Nullable [] counted) {
        cells++;
        long expected = counted == null ? 0 : eventsOf(counted);
        try {
            byte[] stored = MERGE.merge(key.family(), states);
            if (counted == null) {
                report(key, CellDifference.Kind.UNEXPECTED, eventsOf(stored), 0);
            } else if (!Arrays.equals(stored, counted)) {
                report(key, CellDifference.Kind.DIFFERENT, eventsOf(stored), expected);
            }
        } catch (DamagedStateException damaged) {
            report(key, CellDifference.Kind.DAMAGED, 0, expected);
        }
    }

    private static long eventsOf(byte[] state) {
        return KpiState.of(state, "").events();
    }

    private void report(CellKey key, CellDifference.Kind kind, long storedEvents, long countedEvents) {
        differenceCount++;
        if (differences.size() < Verification.MAX_LISTED) {
            List<String> kpis = KpiFamily.kpisOf(key.family(), catalog);
            differences.add(new CellDifference(key, kpis, kind, storedEvents, countedEvents));
        }
    }

    /** Takes all states of one cell. */
    private interface CellSink {
        void accept(CellKey key, List<byte[]> states);
    }

    /** Gathers the states of one cell, which come one after the other. */
    private static final class Cells {
        private final CellSink sink;
        private final List<byte[]> states = new ArrayList<>();
        private @Nullable CellKey key;

        Cells(CellSink sink) {
            this.sink = sink;
        }

        void add(KpiDelta delta) {
            if (!delta.key().equals(key)) {
                finish();
                key = delta.key();
            }
            states.add(delta.state());
        }

        void finish() {
            if (key != null) {
                sink.accept(key, List.copyOf(states));
                states.clear();
                key = null;
            }
        }
    }
}
