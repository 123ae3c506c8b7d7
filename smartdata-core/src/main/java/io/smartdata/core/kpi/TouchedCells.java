package io.smartdata.core.kpi;

import io.smartdata.SmartDataException;
import io.smartdata.event.Event;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.Correction;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The cells in which events are counted that a correction takes away or puts in place of others. When all is done they are
 * counted again from the raw events of their days and sources: a minimum, a distinct count or a latest value cannot be
 * taken back from a state, but follows from the events that are left.
 *
 * @since 0.1.0
 */
public final class TouchedCells {
    private final Correction correction;
    private final KpiPlan plan;
    private final KpiFold touched;
    private final LocalDate firstWholeDay;

    private TouchedCells(Correction correction, KpiPlan plan) {
        this.correction = correction;
        this.plan = plan;
        this.touched = plan.fold();
        this.firstWholeDay = KpiRecount.firstWholeDay(correction);
    }

    /** None yet. */
    public static TouchedCells of(Generations generations, Correction correction) {
        return new TouchedCells(correction, KpiPlan.of(generations.catalog(correction), correction.org()));
    }

    /**
     * Adds the cells of one event.
     *
     * @throws SmartDataException {@code raw_gone} if other events of its day are no longer kept, so that the day cannot be
     *     counted again
     */
    public void add(Event event) {
        if (!countable(event)) {
            throw new SmartDataException(
                    "raw_gone",
                    "Raw events before %s are no longer kept, so the figures of earlier days cannot be corrected. Nothing was changed. Select events from that day on."
                            .formatted(firstWholeDay));
        }
        touched.add(event);
    }

    /** False if {@link #add} would refuse the event: other events of its day are no longer kept. */
    public boolean countable(Event event) {
        return !touched.buckets().day(event.occurredAt()).isBefore(firstWholeDay);
    }

    /**
     * Counts the cells again. Memory is bounded by the cells of a month; the time goes with the events of the days touched.
     *
     * @return cells written or emptied
     */
    public long recount() {
        NavigableMap<LocalDate, Set<CellKey>> left = new TreeMap<>();
        for (KpiDelta cell : touched.deltas()) {
            left.computeIfAbsent(LocalBuckets.dayOf(cell.key().bucket()), day -> new HashSet<>())
                    .add(cell.key());
        }
        long cells = 0;
        while (!left.isEmpty()) {
            LocalDate end = left.firstKey().plusDays(KpiRecount.WINDOW_DAYS);
            NavigableMap<LocalDate, Set<CellKey>> window = left.headMap(end, false);
            Set<CellKey> keys = window.values().stream().flatMap(Set::stream).collect(Collectors.toSet());
            recount(window.navigableKeySet(), keys);
            cells += keys.size();
            left = left.tailMap(end, true);
        }
        return cells;
    }

    private void recount(NavigableSet<LocalDate> days, Set<CellKey> keys) {
        Set<String> sources = keys.stream().map(CellKey::source).collect(Collectors.toSet());
        KpiFold fold = plan.fold();
        correction.events(KpiRecount.rawRange(days.first(), days.last().plusDays(1)), event -> {
            if (sources.contains(event.source()) && days.contains(fold.buckets().day(event.occurredAt()))) {
                fold.add(event);
            }
        });
        List<KpiDelta> counted =
                fold.deltas().stream().filter(cell -> keys.contains(cell.key())).toList();
        correction.replaceCells(keys, counted);
    }
}
