package io.smartdata.core.kpi;

import io.smartdata.event.Event;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.EventPage;
import io.smartdata.storage.EventPageQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.StoredDefinition;
import io.smartdata.tenancy.OrgSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** A snapshot that looks once whether a source was active in a range: each KPI asks, and all get the same answer. */
final class SharedActivity implements KpiSnapshot {
    private final KpiSnapshot snapshot;
    private final Map<CellRange, List<Active>> known = new HashMap<>();

    SharedActivity(KpiSnapshot snapshot) {
        this.snapshot = snapshot;
    }

    private record Active(String bucket, String source) {}

    @Override
    public OrgSettings org() {
        return snapshot.org();
    }

    @Override
    public Instant dataFreshAsOf() {
        return snapshot.dataFreshAsOf();
    }

    @Override
    public List<StoredDefinition> definitions() {
        return snapshot.definitions();
    }

    @Override
    public void states(CellRange range, Consumer<KpiDelta> sink) {
        snapshot.states(range, sink);
    }

    /** What is asked of one family is asked once. */
    @Override
    public void activity(CellRange range, BiConsumer<String, String> sink) {
        if (range.family() != null) {
            snapshot.activity(range, sink);
            return;
        }
        known.computeIfAbsent(range, this::look).forEach(active -> sink.accept(active.bucket(), active.source()));
    }

    private List<Active> look(CellRange range) {
        List<Active> found = new ArrayList<>();
        snapshot.activity(range, (bucket, source) -> found.add(new Active(bucket, source)));
        return found;
    }

    @Override
    public Set<String> families() {
        return snapshot.families();
    }

    @Override
    public CellRange span() {
        return snapshot.span();
    }

    @Override
    public void events(EventRange range, Consumer<Event> sink) {
        snapshot.events(range, sink);
    }

    @Override
    public EventPage page(EventPageQuery query) {
        return snapshot.page(query);
    }
}
