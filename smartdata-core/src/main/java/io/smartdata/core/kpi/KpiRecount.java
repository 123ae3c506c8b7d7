package io.smartdata.core.kpi;

import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.KpiSnapshot;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Consumer;

/** Counts the events of local days again, a month at a time, so that memory is bounded by a month's cells. */
final class KpiRecount {
    /** Days counted together: enough to make queries rare, few enough to hold their cells. */
    static final int WINDOW_DAYS = 31;

    /** No zone is further than 18 hours from UTC. */
    private static final int MAX_OFFSET_SECONDS = ZoneOffset.MAX.getTotalSeconds();

    private final KpiSnapshot snapshot;
    private final KpiPlan plan;

    /**
     * Cells of some days, as the raw events give them.
     *
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @param cells ordered by key
     * @param events raw events of these days
     */
    record Window(LocalDate from, LocalDate to, List<KpiDelta> cells, long events) {}

    KpiRecount(KpiSnapshot snapshot, KpiCatalog catalog) {
        this.snapshot = snapshot;
        this.plan = KpiPlan.of(catalog, snapshot.org());
    }

    /** Hands on the windows of a range one after the other, days outside all data left out. */
    void forEachWindow(LocalDate from, LocalDate to, Consumer<Window> sink) {
        CellRange span = snapshot.span();
        LocalDate start = from.isBefore(span.from()) ? span.from() : from;
        LocalDate end = to.isAfter(span.to()) ? span.to() : to;
        while (start.isBefore(end)) {
            LocalDate next = start.plusDays(WINDOW_DAYS);
            next = next.isAfter(end) ? end : next;
            sink.accept(window(start, next));
            start = next;
        }
    }

    private Window window(LocalDate from, LocalDate to) {
        KpiFold fold = plan.fold();
        long[] events = new long[1];
        snapshot.events(rawRange(from, to), event -> {
            LocalDate day = fold.buckets().day(event.occurredAt());
            if (!day.isBefore(from) && day.isBefore(to)) {
                fold.add(event);
                events[0]++;
            }
        });
        return new Window(from, to, fold.deltas(), events[0]);
    }

    /** Instants that may lie in these local days. */
    static EventRange rawRange(LocalDate from, LocalDate to) {
        Instant first = from.atStartOfDay(ZoneOffset.UTC).toInstant().minusSeconds(MAX_OFFSET_SECONDS);
        Instant end = to.atStartOfDay(ZoneOffset.UTC).toInstant().plusSeconds(MAX_OFFSET_SECONDS);
        return EventRange.between(first.isBefore(Instant.EPOCH) ? Instant.EPOCH : first, end);
    }

    /**
     * First local day all of whose raw events are still kept.
     *
     * @param snapshot gives the org's horizon
     */
    static LocalDate firstWholeDay(KpiSnapshot snapshot) {
        Instant rawFrom = snapshot.org().rawFrom();
        if (!rawFrom.isAfter(Instant.EPOCH)) {
            return CellRange.FIRST_DAY;
        }
        LocalBuckets buckets = new LocalBuckets(snapshot.org().zone());
        LocalDate day = buckets.day(rawFrom);
        return buckets.startOf(day).isBefore(rawFrom) ? day.plusDays(1) : day;
    }
}
