package io.smartdata.spring;

import io.smartdata.SmartDataException;
import io.smartdata.core.kpi.KpiCatalogReader;
import io.smartdata.core.kpi.KpiDefinitions;
import io.smartdata.event.Properties;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;

/** The places a host may define KPIs in, read as one catalog: beans, the file, the properties. */
final class KpiDefinitionSources {
    private KpiDefinitionSources() {}

    /**
     * All definitions together; empty if there is no place with definitions, so that every org keeps what it has.
     *
     * @throws SmartDataException {@code invalid_catalog}, {@code catalog_unreadable}, {@code yaml_missing}
     */
    static Optional<KpiCatalog> read(List<KpiCatalog> beans, SmartDataProperties.Kpis properties) {
        List<KpiCatalog> catalogs = new ArrayList<>(beans);
        if (properties.file() != null) {
            catalogs.add(read(properties.file()));
        }
        if (!properties.declared().isEmpty()) {
            catalogs.add(declared(properties.declared()));
        }
        if (catalogs.isEmpty() && properties.automatic() == null) {
            return Optional.empty();
        }
        boolean automatic = properties.automatic() == null
                ? catalogs.stream().allMatch(KpiCatalog::automatic)
                : properties.automatic();
        return Optional.of(together(catalogs).withAutomatic(automatic));
    }

    private static KpiCatalog together(List<KpiCatalog> catalogs) {
        List<Kpi> kpis = catalogs.stream()
                .map(KpiCatalog::declared)
                .flatMap(Collection::stream)
                .toList();
        try {
            return KpiCatalog.of(kpis);
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    "invalid_catalog",
                    "The KPI definitions of the application do not fit together: %s. Nothing was changed."
                            .formatted(e.getMessage()),
                    e);
        }
    }

    private static KpiCatalog read(Resource file) {
        String name = file.getFilename();
        return KpiCatalogReader.read(name == null ? "" : name, file::getInputStream);
    }

    /** By way of the document, so that properties follow the same rules and fail in the same words. */
    private static KpiCatalog declared(List<SmartDataProperties.Declared> kpis) {
        List<Map<String, Object>> documents =
                kpis.stream().map(KpiDefinitionSources::document).toList();
        return KpiDefinitions.fromJson(Properties.of(Map.of("kpis", documents)).json());
    }

    private static Map<String, Object> document(SmartDataProperties.Declared kpi) {
        Map<String, Object> members = new TreeMap<>();
        put(members, "name", kpi.name());
        put(members, "aggregation", word(kpi.aggregation()));
        put(members, "events", unlessEmpty(kpi.events()));
        put(members, "denominator", unlessEmpty(kpi.denominator()));
        put(members, "field", kpi.field());
        put(members, "percent", kpi.percent() == null ? null : BigDecimal.valueOf(kpi.percent()));
        put(members, "source", kpi.source());
        put(members, "where", kpi.where().isEmpty() ? null : kpi.where());
        put(members, "dimensions", unlessEmpty(kpi.dimensions()));
        put(members, "grain", word(kpi.grain()));
        put(members, "unit", kpi.unit());
        put(members, "direction", word(kpi.direction()));
        put(members, "owner", kpi.owner());
        put(members, "zeroWhenAbsent", kpi.zeroWhenAbsent());
        return members;
    }

    private static void put(Map<String, Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    private static @Nullable List<String> unlessEmpty(List<String> values) {
        return values.isEmpty() ? null : values;
    }

    private static @Nullable String word(@Nullable Enum<?> choice) {
        return choice == null ? null : choice.name().toLowerCase(Locale.ROOT);
    }
}
