package io.smartdata.core.kpi;

import io.smartdata.SmartDataException;
import io.smartdata.event.Event;
import io.smartdata.kpi.Aggregation;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.StoredEventFilter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tells the events that were counted in a point of a KPI from all others, by folding each of them as ingestion did: an event
 * belongs to the point if folding it alone makes the cell.
 *
 * @since 0.1.0
 */
public final class BucketEvents {
    private final BucketPoint point;
    private final KpiPlan plan;
    private final KpiFamily family;
    private final String familyId;
    private final String dimension;
    private final Grain grain;
    private final StoredEventFilter range;
    private final long generation;

    private BucketEvents(BucketPoint point, KpiSnapshot snapshot, KpiCatalog catalog, Kpi kpi) {
        this.point = point;
        this.family = kpi.aggregation() == Aggregation.RATIO ? KpiFamily.denominatorOf(kpi) : KpiFamily.of(kpi);
        this.plan = KpiPlan.of(catalog, snapshot.org()).only(family);
        this.familyId = point.dimension() == null ? family.id() : family.brokenDownBy(point.dimension());
        this.dimension = point.dimension() == null ? "" : point.dimension() + "=" + point.value();
        this.grain = point.grain() == null ? kpi.grain() : point.grain();
        this.range = range(new LocalBuckets(snapshot.org().zone()));
        this.generation = snapshot.org().generation();
    }

    /**
     * The events behind a point, by the definitions of the serving generation.
     *
     * @throws SmartDataException {@code unknown_kpi}, {@code unknown_dimension}, {@code grain_too_fine}; {@code invalid_request}
     *     if there is no such bucket in the org's zone
     */
    public static BucketEvents of(Generations generations, KpiSnapshot snapshot, BucketPoint point) {
        KpiCatalog catalog = generations.catalog(snapshot);
        return new BucketEvents(
                point, snapshot, catalog, KpiReader.known(catalog, point.kpi(), point.dimension(), point.grain()));
    }

    private StoredEventFilter range(LocalBuckets buckets) {
        StoredEventFilter filter =
                StoredEventFilter.any().withSource(point.source()).withName(onlyName());
        try {
            if (grain == Grain.HOUR) {
                return within(filter, buckets.startOf(point.bucket()), buckets.endOfHour(point.bucket()));
            }
            LocalDate first = LocalDate.parse(point.bucket());
            if (!first.equals(grain.firstDay(first))) {
                throw unknownBucket(null);
            }
            return within(
                    filter,
                    buckets.startOf(first),
                    buckets.endOf(grain.nextDay(first).minusDays(1)));
        } catch (DateTimeException | IndexOutOfBoundsException | NumberFormatException e) {
            throw unknownBucket(e);
        }
    }

    /** What no event can lie in is nothing to look for. */
    private static StoredEventFilter within(StoredEventFilter filter, Instant start, Instant end) {
        return filter.between(
                start.isBefore(filter.from()) ? filter.from() : start, end.isAfter(filter.to()) ? filter.to() : end);
    }

    private SmartDataException unknownBucket(@Nullable Exception cause) {
        return new SmartDataException(
                "invalid_request",
                "This KPI has no bucket of that name for grain %s. Nothing was read. Name it as the point does, for example %s."
                        .formatted(grain, grain == Grain.HOUR ? "2026-03-01T14+01:00" : "2026-03-01"),
                cause);
    }

    private @Nullable String onlyName() {
        List<String> names = family.filter().names();
        return names.size() == 1 && names.get(0).indexOf('*') < 0 ? names.get(0) : null;
    }

    /** What every event of the point meets; some others meet it too. */
    public StoredEventFilter range() {
        return range;
    }

    /** Number of the zone and definitions that decide. */
    public long generation() {
        return generation;
    }

    /** True if the event was counted in the point. */
    public boolean contains(Event event) {
        KpiFold fold = plan.fold();
        fold.add(event);
        return fold.deltas().stream().anyMatch(delta -> isOfPoint(delta.key()));
    }

    private boolean isOfPoint(CellKey key) {
        return key.family().equals(familyId)
                && key.dimension().equals(dimension)
                && (point.source() == null || point.source().equals(key.source()))
                && point.bucket().equals(bucketOf(key.bucket()));
    }

    private String bucketOf(String stored) {
        return grain == Grain.HOUR
                ? stored
                : grain.firstDay(LocalBuckets.dayOf(stored)).toString();
    }
}
