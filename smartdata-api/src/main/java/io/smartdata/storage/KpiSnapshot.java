package io.smartdata.storage;

import io.smartdata.event.Event;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.tenancy.OrgSettings;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Cells, deltas and raw events of one moment.
 *
 * @since 0.1.0
 */
public interface KpiSnapshot {
    /** The org at that moment. */
    OrgSettings org();

    /** That moment, by the database's clock: every event acknowledged before it is counted. */
    Instant dataFreshAsOf();

    /** KPI definitions of the serving generation. */
    List<StoredDefinition> definitions();

    /**
     * Unmerged states of the serving generation: each cell and each delta once, those of one key next to each other, in
     * key order (family, bucket, source, dimension; text compared by code point).
     */
    void states(CellRange range, Consumer<KpiDelta> sink);

    /**
     * Buckets and sources that have states in a range, each pair once, in no order: {@link #states} at a fraction of its
     * cost.
     *
     * @param sink takes bucket and source
     */
    void activity(CellRange range, BiConsumer<String, String> sink);

    /** Families that have states in the serving generation, in no order. Costs the families, not their states. */
    Set<String> families();

    /**
     * Local days outside of which the org has neither states of the serving generation nor raw events; may reach a day too
     * far on either side, and is empty if there is nothing. Costs the families, not their states or the events.
     */
    CellRange span();

    /** Raw events in the order of {@link EventStore#scan}, without what only the store knows of them. */
    void events(EventRange range, Consumer<Event> sink);

    /** A page of raw events, as {@link EventStore#page} gives it. */
    EventPage page(EventPageQuery query);
}
