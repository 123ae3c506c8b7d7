package io.smartdata.kpi;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The KPIs of an org: the declared ones and, unless switched off, automatic ones.
 *
 * <p>An event name that no declared KPI selects by name gets four automatic daily KPIs: {@code <event name>.sum},
 * {@code .avg}, {@code .count} and {@code .distinct} (subjects).
 *
 * @since 0.1.0
 */
public final class KpiCatalog {
    private static final KpiCatalog EMPTY = new KpiCatalog(Collections.emptyMap(), true);
    private static final List<Aggregation> AUTOMATIC =
            List.of(Aggregation.AVG, Aggregation.COUNT, Aggregation.DISTINCT, Aggregation.SUM);

    private final Map<String, Kpi> declared;
    private final boolean automatic;

    private KpiCatalog(Map<String, Kpi> declared, boolean automatic) {
        this.declared = declared;
        this.automatic = automatic;
    }

    /** Automatic KPIs only. */
    public static KpiCatalog empty() {
        return EMPTY;
    }

    /**
     * Declared KPIs, and automatic ones for all other events.
     *
     * @throws IllegalArgumentException if two KPIs have one name, or one selects no event
     */
    public static KpiCatalog of(Kpi... kpis) {
        return of(List.of(kpis));
    }

    /**
     * Declared KPIs, and automatic ones for all other events.
     *
     * @throws IllegalArgumentException if two KPIs have one name, or one selects no event
     */
    public static KpiCatalog of(Collection<Kpi> kpis) {
        TreeMap<String, Kpi> byName = new TreeMap<>();
        for (Kpi kpi : kpis) {
            if (kpi.filter().names().isEmpty()) {
                throw new IllegalArgumentException(
                        "KPI %s selects no event; add .event(\"name\"), or .event(\"*\") for every event"
                                .formatted(kpi.name()));
            }
            if (byName.put(kpi.name(), kpi) != null) {
                throw new IllegalArgumentException("Two KPIs are called %s; rename one of them".formatted(kpi.name()));
            }
        }
        return new KpiCatalog(byName, true);
    }

    /** The same declared KPIs, with or without automatic ones. */
    public KpiCatalog withAutomatic(boolean on) {
        return new KpiCatalog(declared, on);
    }

    /** The declared KPIs, ordered by name. */
    public List<Kpi> declared() {
        return List.copyOf(declared.values());
    }

    /** True if events without a definition get automatic KPIs. */
    public boolean automatic() {
        return automatic;
    }

    /** True if events of this name feed automatic KPIs. */
    public boolean automaticFor(String eventName) {
        return automatic && declared.values().stream().noneMatch(kpi -> kpi.selects(eventName));
    }

    /** A declared KPI, or an automatic one whose event name no declared KPI selects. */
    public Optional<Kpi> find(String name) {
        Kpi kpi = declared.get(name);
        return kpi != null ? Optional.of(kpi) : findAutomatic(name);
    }

    private Optional<Kpi> findAutomatic(String name) {
        int dot = name.lastIndexOf('.');
        if (dot < 1) {
            return Optional.empty();
        }
        String event = name.substring(0, dot);
        return AUTOMATIC.stream()
                .filter(aggregation -> name.equals(automaticName(event, aggregation)) && automaticFor(event))
                .map(aggregation -> Kpi.automatic(event, aggregation, name))
                .findFirst();
    }

    /** The four automatic KPIs of an event name, ordered by name; empty if a declared KPI selects it. */
    public List<Kpi> automaticOf(String eventName) {
        List<Kpi> kpis = new ArrayList<>();
        if (automaticFor(eventName)) {
            for (Aggregation aggregation : AUTOMATIC) {
                kpis.add(Kpi.automatic(eventName, aggregation, automaticName(eventName, aggregation)));
            }
        }
        return kpis;
    }

    private static String automaticName(String event, Aggregation aggregation) {
        return event + "." + aggregation.name().toLowerCase(Locale.ROOT);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof KpiCatalog catalog
                && automatic == catalog.automatic
                && declared.equals(catalog.declared);
    }

    @Override
    public int hashCode() {
        return 31 * declared.hashCode() + Boolean.hashCode(automatic);
    }

    @Override
    public String toString() {
        return "KpiCatalog[declared=%s, automatic=%s]".formatted(declared.keySet(), automatic);
    }
}
