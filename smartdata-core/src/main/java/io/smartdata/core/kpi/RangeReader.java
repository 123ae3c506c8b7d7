package io.smartdata.core.kpi;

import io.smartdata.SmartDataException;
import io.smartdata.kpi.Aggregation;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.kpi.KpiSeries;
import io.smartdata.storage.KpiSnapshot;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Figures over a whole range of local days: all its cells are merged as if they were one. */
final class RangeReader {
    /** As many values of a dimension are told apart as in one bucket of a series. */
    private static final int MAX_VALUES = 10_000;

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final KpiSnapshot snapshot;
    private final KpiCatalog catalog;
    private final Kpi kpi;
    private final @Nullable String source;
    private final LocalDate today;

    private RangeReader(KpiSnapshot snapshot, KpiCatalog catalog, Kpi kpi, @Nullable String source) {
        this.snapshot = snapshot;
        this.catalog = catalog;
        this.kpi = kpi;
        this.source = source;
        this.today = new LocalBuckets(snapshot.org().zone()).day(snapshot.dataFreshAsOf());
    }

    /**
     * A figure and what is behind it.
     *
     * @param above the KPI's state; of a ratio, that of its numerator, null if it has no event
     * @param below of a ratio the state of its denominator, null if it has no event
     */
    private record Merged(
            @Nullable KpiState above, @Nullable KpiState below) {}

    /** The figures of one range, by value of a dimension. */
    private final class Figures {
        private final Map<String, KpiState> above;
        private final Map<String, KpiState> below;
        private final boolean collapsed;

        Figures(@Nullable String dimension, LocalDate from, LocalDate to) {
            boolean ratio = kpi.aggregation() == Aggregation.RATIO;
            Breakdown first = breakdown(KpiFamily.of(kpi), dimension, from, to);
            Breakdown second = ratio ? breakdown(KpiFamily.denominatorOf(kpi), dimension, from, to) : new Breakdown();
            if (first.collapsed || second.collapsed) {
                first.collapse();
                second.collapse();
            }
            above = first.states;
            below = second.states;
            collapsed = first.collapsed;
        }

        Set<String> values() {
            Set<String> values = new HashSet<>(above.keySet());
            values.addAll(below.keySet());
            return values;
        }

        Merged of(String value) {
            return new Merged(above.get(value), below.get(value));
        }
    }

    private Breakdown breakdown(KpiFamily family, @Nullable String dimension, LocalDate from, LocalDate to) {
        String id = dimension == null ? family.id() : family.brokenDownBy(dimension);
        int prefix = dimension == null ? 0 : dimension.length() + 1;
        Breakdown breakdown = new Breakdown();
        snapshot.states(
                new CellRange(id, source, from, to),
                delta -> breakdown.add(
                        delta.key().dimension().substring(prefix),
                        KpiState.of(delta.state(), delta.key().source())));
        return breakdown;
    }

    /** States by value; above the limit all become one, whichever came first. */
    private static final class Breakdown {
        private final Map<String, KpiState> states = new HashMap<>();
        private boolean collapsed;

        void add(String value, KpiState state) {
            merge(states, collapsed ? KpiSeries.OTHER : value, state);
            if (states.size() > MAX_VALUES) {
                collapse();
            }
        }

        void collapse() {
            Map<String, KpiState> all = Map.copyOf(states);
            states.clear();
            all.values().forEach(state -> merge(states, KpiSeries.OTHER, state));
            collapsed = true;
        }
    }

    private static void merge(Map<String, KpiState> states, String value, KpiState state) {
        KpiState present = states.putIfAbsent(value, state);
        if (present != null) {
            present.merge(state);
        }
    }

    /** All of them together; the states merged into are no longer of use by themselves. */
    private Merged together(Figures figures, Iterable<String> values) {
        Map<String, KpiState> sides = new HashMap<>();
        for (String value : values) {
            Merged merged = figures.of(value);
            if (merged.above() != null) {
                merge(sides, "above", merged.above());
            }
            if (merged.below() != null) {
                merge(sides, "below", merged.below());
            }
        }
        return new Merged(sides.get("above"), sides.get("below"));
    }

    private @Nullable BigDecimal figure(Merged merged) {
        if (kpi.aggregation() != Aggregation.RATIO) {
            return merged.above() == null ? null : merged.above().figure(kpi);
        }
        if (merged.below() == null) {
            return null;
        }
        long counted = merged.above() == null ? 0 : merged.above().events();
        return BigDecimal.valueOf(counted)
                .divide(BigDecimal.valueOf(merged.below().events()), MathContext.DECIMAL64);
    }

    private long events(Merged merged) {
        KpiState state = kpi.aggregation() == Aggregation.RATIO ? merged.below() : merged.above();
        return state == null ? 0 : state.events();
    }

    private boolean exact(Merged merged) {
        return kpi.aggregation() == Aggregation.RATIO
                || merged.above() == null
                || merged.above().exact(kpi);
    }

    static Top top(
            KpiSnapshot snapshot,
            KpiCatalog catalog,
            String name,
            String dimension,
            LocalDate from,
            LocalDate to,
            int limit) {
        Kpi kpi = KpiReader.known(catalog, name, dimension, null);
        return new RangeReader(snapshot, catalog, kpi, null).top(dimension, from, to, limit);
    }

    private Top top(String dimension, LocalDate from, LocalDate to, int limit) {
        Figures figures = new Figures(dimension, from, to);
        List<Top.Value> ranked = new ArrayList<>();
        boolean exact = true;
        for (String value : figures.values()) {
            Merged merged = figures.of(value);
            ranked.add(new Top.Value(value, figure(merged), events(merged), null));
            exact &= exact(merged);
        }
        ranked.sort(Comparator.comparing(Top.Value::figure, Comparator.nullsLast(Comparator.reverseOrder()))
                .thenComparing(Top.Value::value));
        List<Top.Value> listed = ranked.subList(0, Math.min(limit, ranked.size()));
        List<Top.Value> left = ranked.subList(listed.size(), ranked.size());
        Merged rest = together(figures, left.stream().map(Top.Value::value).toList());
        Shares shares = new Shares(ranked);
        Top.Rest others =
                left.isEmpty() ? null : new Top.Rest(left.size(), figure(rest), events(rest), shares.of(figure(rest)));
        exact &= exact(rest);
        Merged all = together(new Figures(null, from, to), List.of(""));
        return new Top(
                kpi.name(),
                dimension,
                from,
                to,
                listed.stream()
                        .map(value ->
                                new Top.Value(value.value(), value.figure(), value.events(), shares.of(value.figure())))
                        .toList(),
                others,
                figure(all),
                snapshot.dataFreshAsOf(),
                figures.collapsed,
                exact && exact(all),
                snapshot.org().generation());
    }

    /** Parts of a whole; there are none unless the figures add up to it. */
    private final class Shares {
        private final BigDecimal whole;
        private final boolean parts;

        Shares(List<Top.Value> values) {
            boolean adds = kpi.aggregation() == Aggregation.COUNT || kpi.aggregation() == Aggregation.SUM;
            this.whole = values.stream()
                    .map(value -> value.figure() == null ? BigDecimal.ZERO : value.figure())
                    .reduce(BigDecimal.ZERO, BigDecimal::add);
            this.parts = adds
                    && whole.signum() > 0
                    && values.stream()
                            .noneMatch(value ->
                                    value.figure() != null && value.figure().signum() < 0);
        }

        @Nullable
        BigDecimal of(@Nullable BigDecimal figure) {
            return parts && figure != null ? figure.divide(whole, MathContext.DECIMAL64) : null;
        }
    }

    static Comparison compare(KpiSnapshot snapshot, KpiCatalog catalog, KpiQuery query, Comparison.With with) {
        if (query.dimension() != null || query.bySource()) {
            throw new SmartDataException(
                    "invalid_request",
                    "A comparison is of the total or of one source. Nothing was read. Leave out the dimension, and name at most one source.");
        }
        Kpi kpi = KpiReader.known(catalog, query.kpi(), null, null);
        return new RangeReader(snapshot, catalog, kpi, query.source()).compare(query, with);
    }

    private Comparison compare(KpiQuery query, Comparison.With with) {
        LocalDate first = query.firstDay(today);
        LocalDate from = first.isBefore(CellRange.FIRST_DAY) ? CellRange.FIRST_DAY : first;
        LocalDate asked = query.endDay(today);
        LocalDate to = asked.isAfter(today) ? today : asked;
        if (!from.isBefore(to)) {
            Comparison.Period nothing = new Comparison.Period(from, from, null, 0);
            return comparison(nothing, nothing, Comparison.Verdict.NOT_OVER, true);
        }
        LocalDate before = with == Comparison.With.LAST_YEAR
                ? from.minusYears(1)
                : LocalDate.ofEpochDay(2 * from.toEpochDay() - to.toEpochDay());
        LocalDate end = with == Comparison.With.LAST_YEAR ? to.minusYears(1) : from;
        Merged now = together(new Figures(null, from, to), List.of(""));
        Merged then = together(new Figures(null, before, end), List.of(""));
        Comparison.Period current = period(from, to, now);
        Comparison.Period previous = period(before, end, then);
        return comparison(current, previous, verdict(current, previous), exact(now) && exact(then));
    }

    private Comparison.Period period(LocalDate from, LocalDate to, Merged merged) {
        BigDecimal figure = figure(merged);
        boolean zero = figure == null && events(merged) == 0 && isZero(from, to);
        return new Comparison.Period(from, to, zero ? BigDecimal.ZERO : figure, events(merged));
    }

    /** A series says whether the KPI is zero or missing where it has no events. */
    private boolean isZero(LocalDate from, LocalDate to) {
        return kpi.zeroWhenAbsent()
                && !KpiReader.read(
                                snapshot,
                                catalog,
                                KpiQuery.of(kpi.name())
                                        .between(from, to)
                                        .grain(Grain.DAY)
                                        .source(source))
                        .points()
                        .isEmpty();
    }

    private Comparison.Verdict verdict(Comparison.Period current, Comparison.Period previous) {
        if (current.value() == null) {
            return Comparison.Verdict.NO_FIGURE;
        }
        if (previous.value() == null) {
            return Comparison.Verdict.NO_PREVIOUS_FIGURE;
        }
        return begunBy(previous.from()) ? Comparison.Verdict.COMPARABLE : Comparison.Verdict.HISTORY_TOO_SHORT;
    }

    /** True if the KPI has an event on the day or before; looks back in windows that double. */
    private boolean begunBy(LocalDate day) {
        KpiFamily family = kpi.aggregation() == Aggregation.RATIO ? KpiFamily.denominatorOf(kpi) : KpiFamily.of(kpi);
        boolean[] found = new boolean[1];
        LocalDate end = day.plusDays(1);
        for (long days = 1; !found[0] && end.isAfter(CellRange.FIRST_DAY); days *= 2) {
            LocalDate start = end.minusDays(days);
            start = start.isBefore(CellRange.FIRST_DAY) ? CellRange.FIRST_DAY : start;
            snapshot.activity(new CellRange(family.id(), source, start, end), (bucket, active) -> found[0] = true);
            end = start;
        }
        return found[0];
    }

    private Comparison comparison(
            Comparison.Period current, Comparison.Period previous, Comparison.Verdict verdict, boolean exact) {
        BigDecimal change = null;
        BigDecimal percent = null;
        if (verdict == Comparison.Verdict.COMPARABLE && current.value() != null && previous.value() != null) {
            change = current.value().subtract(previous.value());
            percent = previous.value().signum() == 0
                    ? null
                    : change.multiply(HUNDRED).divide(previous.value().abs(), MathContext.DECIMAL64);
        }
        return new Comparison(
                kpi.name(),
                current,
                previous,
                verdict,
                change,
                percent,
                snapshot.dataFreshAsOf(),
                exact,
                snapshot.org().generation());
    }
}
