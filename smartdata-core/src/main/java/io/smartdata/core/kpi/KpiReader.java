package io.smartdata.core.kpi;

import io.smartdata.SmartDataException;
import io.smartdata.kpi.Aggregation;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.KpiSnapshot;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers KPI queries from the cells and deltas of one snapshot. Coarser buckets, sources and dimension values are merged
 * as states, never as figures, so distinct counts and percentiles of a week are those of its events.
 *
 * @since 0.1.0
 */
public final class KpiReader {
    private final KpiSnapshot snapshot;
    private final Kpi kpi;
    private final KpiQuery query;
    private final Grain grain;
    private final LocalBuckets buckets;
    private final LocalDate today;
    private final LocalDate from;
    private final LocalDate to;
    private final Room room;

    private KpiReader(KpiSnapshot snapshot, Kpi kpi, KpiQuery query, Room room) {
        this.room = room;
        this.snapshot = snapshot;
        this.kpi = kpi;
        this.query = query;
        this.grain = query.grain() == null ? kpi.grain() : query.grain();
        this.buckets = new LocalBuckets(snapshot.org().zone());
        this.today = buckets.day(snapshot.dataFreshAsOf());
        this.from = query.firstDay(today);
        this.to = query.endDay(today);
    }

    /**
     * Answers a query. Costs the buckets of its range; a KPI that is zero when absent and has none there also looks for
     * its nearest earlier bucket.
     *
     * <p>If {@link Kpi#zeroWhenAbsent()}, the total has a zero for each bucket without events from the KPI's first event on
     * to the last bucket in which one of its sources sent anything. Breakdowns are never filled.
     *
     * @param catalog the definitions of the snapshot's generation
     * @throws SmartDataException {@code unknown_kpi}, {@code unknown_dimension}, {@code grain_too_fine} or
     *     {@code answer_too_large}
     */
    public static KpiSeries read(KpiSnapshot snapshot, KpiCatalog catalog, KpiQuery query) {
        return read(snapshot, catalog, query, new Room());
    }

    /** As {@link #read(KpiSnapshot, KpiCatalog, KpiQuery)}, one of several that share their room. */
    static KpiSeries read(KpiSnapshot snapshot, KpiCatalog catalog, KpiQuery query, Room room) {
        Kpi kpi = known(catalog, query.kpi(), query.dimension(), query.grain());
        return new KpiReader(snapshot, kpi, query, room).series();
    }

    /**
     * The KPI that is asked for.
     *
     * @throws SmartDataException {@code unknown_kpi}, {@code unknown_dimension} or {@code grain_too_fine}
     */
    static Kpi known(KpiCatalog catalog, String name, @Nullable String dimension, @Nullable Grain grain) {
        Kpi kpi = catalog.find(name).orElseThrow(() -> unknown(name, catalog));
        if (dimension != null && !kpi.dimensions().contains(dimension)) {
            throw new SmartDataException(
                    "unknown_dimension",
                    "KPI %s is not kept by that dimension; it has %s. Ask for one of these, or declare the dimension and rebuild."
                            .formatted(kpi.name(), kpi.dimensions()));
        }
        if (grain == Grain.HOUR && kpi.grain() != Grain.HOUR) {
            throw new SmartDataException(
                    "grain_too_fine",
                    "KPI %s is kept by day, so it has no hours. Ask for DAY, or declare grain HOUR and rebuild."
                            .formatted(kpi.name()));
        }
        return kpi;
    }

    static SmartDataException unknown(String name, KpiCatalog catalog) {
        List<String> known =
                catalog.declared().stream().map(Kpi::name).limit(20).toList();
        return new SmartDataException(
                "unknown_kpi",
                "There is no KPI of that name (%d characters). Declared are %s%s. Correct the name or declare the KPI."
                        .formatted(
                                name.length(),
                                known,
                                catalog.automatic()
                                        ? "; events without a definition have .sum, .avg, .count and .distinct"
                                        : ""));
    }

    /**
     * Names of the KPIs that have data, declared or automatic, ordered. Costs the families, not their states.
     *
     * @param catalog the definitions of the snapshot's generation
     */
    public static List<String> names(KpiSnapshot snapshot, KpiCatalog catalog) {
        Set<String> names = new TreeSet<>();
        snapshot.families().forEach(family -> names.addAll(KpiFamily.kpisOf(family, catalog)));
        return List.copyOf(names);
    }

    /**
     * Answers a query about every KPI that has data, a series at a time, in the order of their names.
     *
     * @param catalog the definitions of the snapshot's generation
     * @param query of a KPI's name
     */
    public static void all(
            KpiSnapshot snapshot, KpiCatalog catalog, Function<String, KpiQuery> query, Consumer<KpiSeries> sink) {
        KpiSnapshot shared = new SharedActivity(snapshot);
        for (String kpi : names(snapshot, catalog)) {
            sink.accept(read(shared, catalog, query.apply(kpi)));
        }
    }

    /** What breakdowns may take up in memory, where every bucket can have ten thousand values. */
    static final class Room {
        /** Most figures by dimension value of an answer. */
        static final int MOST = 300_000;

        private int left = MOST;

        /** @throws SmartDataException {@code answer_too_large} if there is no room left */
        void take() {
            if (--left < 0) {
                throw new SmartDataException(
                        "answer_too_large",
                        "The answer would have more than %d figures by dimension value. Nothing was answered. Ask for fewer days, a coarser grain or the top values."
                                .formatted(MOST));
            }
        }
    }

    /** Where a figure stands: bucket text, source and dimension value, the latter two empty where merged. */
    private record Place(String bucket, String source, String dimension) {}

    /** What stands there. */
    private record Figure(@Nullable BigDecimal value, long events) {}

    /** Figures of one family, the buckets collapsed for too many dimension values, and the sources read. */
    private static final class Figures {
        private final Map<Place, Figure> byPlace = new HashMap<>();
        private final Set<String> sources = new HashSet<>();
        private final Set<Place> collapsed = new HashSet<>();
        private boolean exact = true;
    }

    private KpiSeries series() {
        Figures figures = kpi.aggregation() == Aggregation.RATIO ? ratio() : figures(KpiFamily.of(kpi));
        if (kpi.zeroWhenAbsent() && query.dimension() == null) {
            fillZeros(figures);
        }
        List<KpiPoint> points = new ArrayList<>(figures.byPlace.size());
        figures.byPlace.forEach((place, figure) -> points.add(point(place, figure)));
        points.sort(Comparator.comparing(KpiPoint::start)
                .thenComparing(KpiPoint::source)
                .thenComparing(KpiPoint::dimension));
        return new KpiSeries(
                kpi,
                grain,
                buckets.zone(),
                points,
                snapshot.dataFreshAsOf(),
                !figures.collapsed.isEmpty(),
                figures.exact,
                snapshot.org().generation());
    }

    private KpiPoint point(Place place, Figure figure) {
        Instant start;
        Instant end;
        boolean whole = true;
        if (grain == Grain.HOUR) {
            start = buckets.startOf(place.bucket());
            end = buckets.endOfHour(place.bucket());
        } else {
            LocalDate first = LocalDate.parse(place.bucket());
            LocalDate next = grain.nextDay(first);
            start = buckets.startOf(first);
            end = buckets.endOf(next.minusDays(1));
            whole = !first.isBefore(from) && !next.isAfter(to);
        }
        return new KpiPoint(
                place.bucket(),
                start,
                place.source(),
                place.dimension(),
                figure.value(),
                figure.events(),
                whole && !end.isAfter(snapshot.dataFreshAsOf()));
    }

    /** Both sides are counts, so their figures merge as their states would. */
    private Figures ratio() {
        Figures numerator = figures(KpiFamily.of(kpi));
        Figures denominator = figures(KpiFamily.denominatorOf(kpi));
        if (query.dimension() != null) {
            collapseLikeEachOther(numerator, denominator);
        }
        Figures ratio = new Figures();
        ratio.sources.addAll(numerator.sources);
        ratio.sources.addAll(denominator.sources);
        ratio.collapsed.addAll(numerator.collapsed);
        ratio.collapsed.addAll(denominator.collapsed);
        Set<Place> places = new HashSet<>(numerator.byPlace.keySet());
        places.addAll(denominator.byPlace.keySet());
        for (Place place : places) {
            ratio.byPlace.put(place, divide(numerator.byPlace.get(place), denominator.byPlace.get(place)));
        }
        return ratio;
    }

    private static Figure divide(@Nullable Figure numerator, @Nullable Figure denominator) {
        if (denominator == null) {
            return new Figure(null, 0);
        }
        long counted = numerator == null ? 0 : numerator.events();
        return new Figure(
                BigDecimal.valueOf(counted).divide(BigDecimal.valueOf(denominator.events()), MathContext.DECIMAL64),
                denominator.events());
    }

    /** Where one side had too many values and shows only {@code other}, the other side must too. */
    private static void collapseLikeEachOther(Figures one, Figures two) {
        Set<Place> collapsed = new HashSet<>(one.collapsed);
        collapsed.addAll(two.collapsed);
        collapse(one, collapsed);
        collapse(two, collapsed);
    }

    private static Place bucketOf(Place place) {
        return new Place(place.bucket(), place.source(), "");
    }

    private static void collapse(Figures figures, Set<Place> collapsed) {
        for (Place place : List.copyOf(figures.byPlace.keySet())) {
            if (collapsed.contains(bucketOf(place)) && !place.dimension().equals(KpiSeries.OTHER)) {
                Figure figure = figures.byPlace.remove(place);
                Place other = new Place(place.bucket(), place.source(), KpiSeries.OTHER);
                long events = figure == null ? 0 : figure.events();
                figures.byPlace.merge(
                        other, new Figure(null, events), (a, b) -> new Figure(null, a.events() + b.events()));
            }
        }
    }

    private Figures figures(KpiFamily family) {
        if (query.top() == 0) {
            return figures(family, null);
        }
        KpiFamily ranked = kpi.aggregation() == Aggregation.RATIO ? KpiFamily.denominatorOf(kpi) : KpiFamily.of(kpi);
        return figures(family, greatest(ranked));
    }

    /** The dimension values with the greatest magnitude, summed over all buckets; ties by name. */
    private Set<String> greatest(KpiFamily family) {
        Map<String, BigDecimal> magnitudes = new TreeMap<>();
        Room values = new Room();
        scan(family, null, new Figures(), (place, figure) -> {
            BigDecimal value =
                    figure.value() == null ? BigDecimal.ZERO : figure.value().abs();
            if (!magnitudes.containsKey(place.dimension())) {
                values.take();
            }
            magnitudes.merge(place.dimension(), value, BigDecimal::add);
        });
        magnitudes.remove(KpiSeries.OTHER);
        return Set.copyOf(magnitudes.entrySet().stream()
                .sorted(Map.Entry.<String, BigDecimal>comparingByValue().reversed())
                .limit(query.top())
                .map(Map.Entry::getKey)
                .toList());
    }

    /** Reads one family; {@code kept} are the dimension values to show, or null for all. */
    private Figures figures(KpiFamily family, @Nullable Set<String> kept) {
        Figures figures = new Figures();
        scan(family, kept, figures, (place, figure) -> {
            if (query.dimension() != null) {
                room.take();
            }
            figures.byPlace.put(place, figure);
        });
        return figures;
    }

    /** @param figures are told sources, collapsed buckets and exactness; the figures themselves go to {@code sink} */
    private void scan(KpiFamily family, @Nullable Set<String> kept, Figures figures, BiConsumer<Place, Figure> sink) {
        String dimension = query.dimension();
        String id = dimension == null ? family.id() : family.brokenDownBy(dimension);
        int prefix = dimension == null ? 0 : dimension.length() + 1;
        Group group = new Group(figures, kept, sink);
        snapshot.states(new CellRange(id, query.source(), from, to), delta -> {
            String source = delta.key().source();
            String value = delta.key().dimension().substring(prefix);
            figures.sources.add(source);
            group.moveTo(outputBucket(delta.key().bucket()));
            group.add(query.bySource() ? source : "", value, KpiState.of(delta.state(), source));
        });
        group.finish();
    }

    private String outputBucket(String stored) {
        return grain == Grain.HOUR
                ? stored
                : grain.firstDay(LocalBuckets.dayOf(stored)).toString();
    }

    /** The states of one output bucket, which come one after the other. */
    private final class Group {
        private final Figures figures;
        private final @Nullable Set<String> kept;
        private final BiConsumer<Place, Figure> sink;
        private final Map<String, Breakdown> bySource = new HashMap<>();
        private String bucket = "";

        Group(Figures figures, @Nullable Set<String> kept, BiConsumer<Place, Figure> sink) {
            this.figures = figures;
            this.kept = kept;
            this.sink = sink;
        }

        void moveTo(String next) {
            if (!next.equals(bucket)) {
                finish();
                bucket = next;
            }
        }

        void add(String source, String dimension, KpiState state) {
            bySource.computeIfAbsent(source, s -> new Breakdown()).add(dimension, state);
        }

        void finish() {
            bySource.forEach((source, breakdown) -> {
                if (kept != null) {
                    breakdown.keepOnly(kept);
                }
                breakdown.states.forEach((dimension, state) -> {
                    sink.accept(new Place(bucket, source, dimension), new Figure(state.figure(kpi), state.events()));
                    figures.exact &= state.exact(kpi);
                });
                if (breakdown.collapsed) {
                    figures.collapsed.add(new Place(bucket, source, ""));
                }
            });
            bySource.clear();
        }
    }

    /** States by dimension value; above the limit all become one, whichever came first. */
    private static final class Breakdown {
        private static final int MAX_DIMENSION_VALUES = 10_000;

        private final Map<String, KpiState> states = new HashMap<>();
        private boolean collapsed;

        void add(String dimension, KpiState state) {
            merge(collapsed ? KpiSeries.OTHER : dimension, state);
            if (states.size() > MAX_DIMENSION_VALUES) {
                collapse();
            }
        }

        private void merge(String dimension, KpiState state) {
            KpiState present = states.putIfAbsent(dimension, state);
            if (present != null) {
                present.merge(state);
            }
        }

        private void collapse() {
            keepOnly(Set.of());
            collapsed = true;
        }

        /** Merges all other values into {@code other}. */
        void keepOnly(Set<String> dimensions) {
            Map<String, KpiState> all = Map.copyOf(states);
            states.clear();
            all.forEach(
                    (dimension, state) -> merge(dimensions.contains(dimension) ? dimension : KpiSeries.OTHER, state));
        }
    }

    private void fillZeros(Figures figures) {
        if (figures.byPlace.isEmpty()) {
            fillAfterSilence(figures);
            return;
        }
        Map<String, TreeSet<Spot>> lines = new TreeMap<>();
        figures.byPlace
                .keySet()
                .forEach(place -> lines.computeIfAbsent(place.source(), s -> new TreeSet<>())
                        .add(spot(place.bucket())));
        lines.forEach((line, spots) -> {
            Set<String> sources = query.bySource() ? Set.of(line) : figures.sources;
            Spot first = firstSpot(query.bySource() ? line : query.source(), spots.first());
            Spot last = lastSpotOf(sources).orElse(spots.last());
            fill(figures, line, first, last.compareTo(spots.last()) > 0 ? last : spots.last());
        });
    }

    /** Where the KPI's zeros begin: with the range if it had an event before, else with its first event. */
    private Spot firstSpot(@Nullable String source, Spot firstEvent) {
        Spot first = firstSpotOfRange().orElse(firstEvent);
        return first.compareTo(firstEvent) >= 0 || sourcesBefore(source).isEmpty() ? firstEvent : first;
    }

    /** No event in the range; if there were some before, and their sources still send, each bucket is a zero. */
    private void fillAfterSilence(Figures figures) {
        Set<String> sources = sourcesBefore(query.source());
        if (sources.isEmpty()) {
            return;
        }
        for (String line : query.bySource() ? sources : Set.of("")) {
            Optional<Spot> first = firstSpotOfRange();
            Optional<Spot> last = lastSpotOf(query.bySource() ? Set.of(line) : sources);
            if (first.isPresent() && last.isPresent()) {
                fill(figures, line, first.get(), last.get());
            }
        }
    }

    /** A bucket and its first instant. */
    private record Spot(Instant start, String bucket) implements Comparable<Spot> {
        @Override
        public int compareTo(Spot other) {
            return start.compareTo(other.start);
        }
    }

    private Spot spot(String bucket) {
        return new Spot(buckets.startOf(bucket), bucket);
    }

    private Optional<Spot> firstSpotOfRange() {
        if (!from.isBefore(to) || from.isAfter(today)) {
            return Optional.empty();
        }
        Instant start = buckets.startOf(from);
        return Optional.of(spot(
                grain == Grain.HOUR
                        ? buckets.bucket(start, Grain.HOUR)
                        : grain.firstDay(buckets.day(start)).toString()));
    }

    private void fill(Figures figures, String source, Spot first, Spot last) {
        Figure zero = new Figure(BigDecimal.ZERO, 0);
        for (Spot spot = first; spot.compareTo(last) <= 0; spot = next(spot)) {
            figures.byPlace.putIfAbsent(new Place(spot.bucket(), source, ""), zero);
        }
    }

    /** The next bucket that exists in the zone. */
    private Spot next(Spot spot) {
        if (grain == Grain.HOUR) {
            return spot(buckets.bucket(buckets.endOfHour(spot.bucket()), Grain.HOUR));
        }
        LocalDate day = grain.nextDay(LocalDate.parse(spot.bucket()));
        while (grain == Grain.DAY && !buckets.exists(day)) {
            day = day.plusDays(1);
        }
        return spot(day.toString());
    }

    /**
     * Sources with an event of this KPI in the nearest earlier days that have one. Looks back in windows that double, so
     * it reads about as much as the silence lasted.
     */
    private Set<String> sourcesBefore(@Nullable String source) {
        Set<String> sources = new HashSet<>();
        LocalDate end = from;
        for (long days = 32; sources.isEmpty() && end.isAfter(CellRange.FIRST_DAY); days *= 2) {
            LocalDate start = end.minusDays(days);
            start = start.isBefore(CellRange.FIRST_DAY) ? CellRange.FIRST_DAY : start;
            snapshot.activity(
                    new CellRange(KpiFamily.of(kpi).id(), source, start, end), (bucket, active) -> sources.add(active));
            end = start;
        }
        return sources;
    }

    /**
     * The last bucket of the range, not after today, up to which one of these sources was still sending: the last of all
     * if it sent anything later, else the last in which it has a cell of any KPI.
     */
    private Optional<Spot> lastSpotOf(Set<String> sources) {
        LocalDate end = to.isAfter(today) ? today.plusDays(1) : to;
        if (sentAfter(end, sources)) {
            Instant last = buckets.startOf(end).minusNanos(1);
            return from.isBefore(end)
                    ? Optional.of(spot(outputBucket(buckets.bucket(last, grain == Grain.HOUR ? grain : Grain.DAY))))
                    : Optional.empty();
        }
        for (long days = 1; end.isAfter(from); days *= 2) {
            LocalDate start = end.minusDays(days);
            start = start.isBefore(from) ? from : start;
            TreeSet<Spot> last = new TreeSet<>();
            snapshot.activity(new CellRange(null, only(sources), start, end), (bucket, source) -> {
                if (sources.contains(source) && (grain != Grain.HOUR || LocalBuckets.isHour(bucket))) {
                    last.add(spot(outputBucket(bucket)));
                    if (last.size() > 1) {
                        last.pollFirst();
                    }
                }
            });
            if (!last.isEmpty()) {
                return Optional.of(last.first());
            }
            end = start;
        }
        return Optional.empty();
    }

    /** Looks ahead in windows that double, up to today. */
    private boolean sentAfter(LocalDate day, Set<String> sources) {
        boolean[] sent = new boolean[1];
        LocalDate start = day;
        for (long days = 1; !sent[0] && !start.isAfter(today); days *= 2) {
            LocalDate end = start.plusDays(days);
            end = end.isAfter(today) ? today.plusDays(1) : end;
            snapshot.activity(
                    new CellRange(null, only(sources), start, end),
                    (bucket, source) -> sent[0] |= sources.contains(source));
            start = end;
        }
        return sent[0];
    }

    private static @Nullable String only(Set<String> sources) {
        return sources.size() == 1 ? sources.iterator().next() : null;
    }
}
