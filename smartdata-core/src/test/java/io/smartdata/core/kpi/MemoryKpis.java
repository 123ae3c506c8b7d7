package io.smartdata.core.kpi;

import io.smartdata.audit.AuditEntry;
import io.smartdata.event.Event;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.EventPage;
import io.smartdata.storage.EventPageQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.KpiRebuild;
import io.smartdata.storage.StoredDefinition;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgSettings;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** A store of one org in memory, with the order and ranges the SPI promises. */
final class MemoryKpis implements KpiRebuild {
    static final byte[] HASH_KEY =
            "an org's own secret of 32 bytes.".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

    final KpiCatalog catalog;
    final List<Event> raw = new ArrayList<>();
    final List<KpiDelta> deltas = new ArrayList<>();
    Instant now = Instant.parse("2024-06-30T12:00:00Z");
    private OrgSettings org;

    MemoryKpis(String zone, KpiCatalog catalog) {
        this.catalog = catalog;
        this.org = new OrgSettings(OrgId.of("acme"), ZoneId.of(zone), 1, Instant.EPOCH, HASH_KEY);
    }

    MemoryKpis rawFrom(Instant rawFrom) {
        org = new OrgSettings(org.org(), org.zone(), org.generation(), rawFrom, org.hashKey());
        return this;
    }

    /** Stores events and their deltas as one batch. */
    MemoryKpis append(Event... events) {
        return append(List.of(events));
    }

    MemoryKpis append(List<Event> events) {
        KpiFold fold = KpiPlan.of(catalog, org).fold();
        events.forEach(fold::add);
        raw.addAll(events);
        deltas.addAll(fold.deltas());
        return this;
    }

    KpiSeries read(KpiQuery query) {
        return KpiReader.read(this, catalog, query);
    }

    @Override
    public OrgSettings org() {
        return org;
    }

    @Override
    public Instant dataFreshAsOf() {
        return now;
    }

    @Override
    public List<StoredDefinition> definitions() {
        return KpiDefinitions.store(catalog);
    }

    @Override
    public void states(CellRange range, Consumer<KpiDelta> sink) {
        deltas.stream()
                .filter(delta -> contains(range, delta))
                .sorted(Comparator.comparing(KpiDelta::key))
                .forEach(sink);
    }

    @Override
    public void activity(CellRange range, BiConsumer<String, String> sink) {
        Map<String, Set<String>> sources = new TreeMap<>();
        states(
                range,
                state -> sources.computeIfAbsent(state.key().bucket(), bucket -> new HashSet<>())
                        .add(state.key().source()));
        sources.forEach((bucket, all) -> all.forEach(source -> sink.accept(bucket, source)));
    }

    @Override
    public Set<String> families() {
        return deltas.stream().map(delta -> delta.key().family()).collect(Collectors.toSet());
    }

    @Override
    public CellRange span() {
        TreeSet<LocalDate> days = deltas.stream()
                .map(delta -> LocalBuckets.dayOf(delta.key().bucket()))
                .collect(Collectors.toCollection(TreeSet::new));
        raw.forEach(event -> {
            LocalDate day = event.occurredAt().atZone(ZoneOffset.UTC).toLocalDate();
            days.add(day.minusDays(1));
            days.add(day.plusDays(1));
        });
        return days.isEmpty()
                ? CellRange.days(CellRange.FIRST_DAY, CellRange.FIRST_DAY)
                : CellRange.days(days.first(), days.last().plusDays(1));
    }

    private static boolean contains(CellRange range, KpiDelta delta) {
        return (range.family() == null || range.family().equals(delta.key().family()))
                && (range.source() == null || range.source().equals(delta.key().source()))
                && delta.key().bucket().compareTo(range.fromBucket()) >= 0
                && delta.key().bucket().compareTo(range.toBucket()) < 0;
    }

    @Override
    public void events(EventRange range, Consumer<Event> sink) {
        raw.stream()
                .filter(event -> !event.occurredAt().isBefore(range.from())
                        && event.occurredAt().isBefore(range.to()))
                .sorted(Comparator.comparing((Event event) ->
                                event.occurredAt().atZone(ZoneOffset.UTC).toLocalDate())
                        .thenComparing(Event::source)
                        .thenComparing(event -> event.id().text()))
                .forEach(sink);
    }

    @Override
    public EventPage page(EventPageQuery query) {
        throw new UnsupportedOperationException("Nobody looks at single events");
    }

    @Override
    public void replace(CellRange range, List<KpiDelta> cells) {
        deltas.removeIf(delta -> contains(range, delta));
        deltas.addAll(cells);
    }

    @Override
    public void audit(AuditEntry entry) {
        throw new UnsupportedOperationException("Nobody accounts for these");
    }
}
