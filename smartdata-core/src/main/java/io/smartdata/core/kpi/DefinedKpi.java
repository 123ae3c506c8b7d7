package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * A KPI that an org has.
 *
 * @param kpi its definition
 * @param hasData whether any event has counted in it
 * @since 0.1.0
 */
public record DefinedKpi(Kpi kpi, boolean hasData) {
    public DefinedKpi {
        requireNonNull(kpi, "kpi");
    }

    /** The declared ones and those with data, by name. */
    static List<DefinedKpi> all(KpiCatalog catalog, List<String> withData) {
        Map<String, Kpi> byName = new TreeMap<>();
        catalog.declared().forEach(kpi -> byName.put(kpi.name(), kpi));
        withData.forEach(name -> catalog.find(name).ifPresent(kpi -> byName.put(name, kpi)));
        Set<String> known = Set.copyOf(withData);
        return byName.values().stream()
                .map(kpi -> new DefinedKpi(kpi, known.contains(kpi.name())))
                .toList();
    }
}
