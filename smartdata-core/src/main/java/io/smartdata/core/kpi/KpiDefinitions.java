package io.smartdata.core.kpi;

import io.smartdata.SmartDataException;
import io.smartdata.core.definition.Definition;
import io.smartdata.core.definition.Definitions;
import io.smartdata.core.definition.DocumentKind;
import io.smartdata.event.Properties;
import io.smartdata.kpi.Aggregation;
import io.smartdata.kpi.Direction;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.StoredDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A catalog as JSON and back. Equal catalogs give equal text: members sorted by name, no white space.
 *
 * <pre>{@code
 * {"automatic":true,"kpis":[{"aggregation":"sum","dimensions":["country"],"events":["order_placed"],"name":"revenue"}]}
 * }</pre>
 *
 * @since 0.1.0
 */
public final class KpiDefinitions {
    /** Name of the stored definition that switches automatic KPIs off; no KPI can be called so. */
    private static final String CATALOG = "*";

    private static final Set<String> CATALOG_FIELDS = Set.of("automatic", "kpis");
    private static final Set<String> KPI_FIELDS = Set.of(
            "name",
            "aggregation",
            "events",
            "denominator",
            "source",
            "where",
            "field",
            "percent",
            "dimensions",
            "grain",
            "unit",
            "direction",
            "owner",
            "zeroWhenAbsent");

    static final DocumentKind CATALOG_KIND =
            new DocumentKind("The KPI catalog", "invalid_catalog", "catalog_unreadable");

    private KpiDefinitions() {}

    /** The catalog as the store holds it, ordered by name. */
    public static List<StoredDefinition> store(KpiCatalog catalog) {
        List<StoredDefinition> stored = new ArrayList<>();
        if (!catalog.automatic()) {
            stored.add(new StoredDefinition(
                    CATALOG, Properties.of(Map.of("automatic", false)).json()));
        }
        catalog.declared()
                .forEach(kpi -> stored.add(new StoredDefinition(
                        kpi.name(), Properties.of(members(kpi)).json())));
        return stored;
    }

    /**
     * The reverse of {@link #store}; no definition at all means automatic KPIs only.
     *
     * @throws SmartDataException {@code invalid_catalog} if a definition breaks a rule
     */
    public static KpiCatalog load(List<StoredDefinition> definitions) {
        List<Kpi> kpis = new ArrayList<>();
        boolean automatic = true;
        for (StoredDefinition stored : definitions) {
            Definition definition = Definitions.parse(stored.json(), CATALOG_KIND);
            if (stored.name().equals(CATALOG)) {
                automatic = definition.bool("automatic", true);
            } else {
                kpis.add(kpi(definition.at(stored.name())));
            }
        }
        return catalog(kpis, automatic);
    }

    /** The catalog as one JSON document. */
    public static String toJson(KpiCatalog catalog) {
        return Properties.of(Map.of(
                        "automatic",
                        catalog.automatic(),
                        "kpis",
                        catalog.declared().stream().map(KpiDefinitions::members).toList()))
                .json();
    }

    /**
     * The reverse of {@link #toJson}; also reads documents that leave out what has a default.
     *
     * @throws SmartDataException {@code invalid_catalog} with the place if the document breaks a rule
     */
    public static KpiCatalog fromJson(String json) {
        return from(Definitions.parse(json, CATALOG_KIND));
    }

    static KpiCatalog from(Definition document) {
        document.requireOnly(CATALOG_FIELDS);
        List<Kpi> kpis =
                document.parts("kpis").stream().map(KpiDefinitions::kpi).toList();
        return catalog(kpis, document.bool("automatic", true));
    }

    private static KpiCatalog catalog(List<Kpi> kpis, boolean automatic) {
        return CATALOG_KIND.make("kpis", () -> KpiCatalog.of(kpis).withAutomatic(automatic));
    }

    /** What differs from the default, and what a reader wants to see anyway. */
    private static Map<String, Object> members(Kpi kpi) {
        TreeMap<String, Object> members = new TreeMap<>();
        members.put("name", kpi.name());
        members.put("aggregation", Definition.word(kpi.aggregation()));
        members.put("events", kpi.filter().names());
        members.put("grain", Definition.word(kpi.grain()));
        members.put("direction", Definition.word(kpi.direction()));
        members.put("zeroWhenAbsent", kpi.zeroWhenAbsent());
        putUnlessEmpty(members, "denominator", kpi.denominator());
        putUnlessEmpty(members, "dimensions", kpi.dimensions());
        putUnlessEmpty(members, "field", kpi.field());
        putUnlessEmpty(members, "unit", kpi.unit());
        putUnlessEmpty(members, "owner", kpi.owner());
        if (kpi.filter().source() != null) {
            members.put("source", kpi.filter().source());
        }
        if (!kpi.filter().properties().isEmpty()) {
            members.put("where", kpi.filter().properties());
        }
        if (kpi.percent() > 0) {
            String plain =
                    BigDecimal.valueOf(kpi.percent()).stripTrailingZeros().toPlainString();
            members.put("percent", new BigDecimal(plain));
        }
        return members;
    }

    private static void putUnlessEmpty(Map<String, Object> members, String name, List<String> values) {
        if (!values.isEmpty()) {
            members.put(name, values);
        }
    }

    private static void putUnlessEmpty(Map<String, Object> members, String name, String value) {
        if (!value.isEmpty()) {
            members.put(name, value);
        }
    }

    private static Kpi kpi(Definition definition) {
        definition.requireOnly(KPI_FIELDS);
        String name = definition.requiredText("name");
        Aggregation aggregation = definition.requiredChoice("aggregation", Aggregation.class);
        return definition.make(() -> {
            Kpi kpi = start(definition, name, aggregation).event(definition.texts("events"));
            kpi = apply(kpi, definition.text("field"), Kpi::of);
            kpi = apply(kpi, definition.text("source"), Kpi::fromSource);
            kpi = apply(kpi, definition.text("unit"), Kpi::unit);
            kpi = apply(kpi, definition.text("owner"), Kpi::owner);
            kpi = apply(kpi, definition.choice("grain", Grain.class), Kpi::grain);
            kpi = apply(kpi, definition.choice("direction", Direction.class), Kpi::direction);
            for (String dimension : definition.texts("dimensions")) {
                kpi = kpi.dimension(dimension);
            }
            Definition conditions = definition.part("where");
            for (String property : conditions.names()) {
                kpi = kpi.where(property, conditions.texts(property));
            }
            return kpi.zeroWhenAbsent(definition.bool("zeroWhenAbsent", kpi.zeroWhenAbsent()));
        });
    }

    private static <T> Kpi apply(Kpi kpi, @Nullable T value, BiFunction<Kpi, T, Kpi> change) {
        return value == null ? kpi : change.apply(kpi, value);
    }

    private static Kpi start(Definition definition, String name, Aggregation aggregation) {
        if (definition.has("denominator") && aggregation != Aggregation.RATIO) {
            throw definition.wrong("denominator", "only a ratio has one");
        }
        if (definition.has("percent") && aggregation != Aggregation.PERCENTILE) {
            throw definition.wrong("percent", "only a percentile has one");
        }
        return switch (aggregation) {
            case COUNT -> Kpi.count(name);
            case SUM -> Kpi.sum(name);
            case AVG -> Kpi.avg(name);
            case MIN -> Kpi.min(name);
            case MAX -> Kpi.max(name);
            case LATEST -> Kpi.latest(name);
            case DISTINCT -> Kpi.distinct(name);
            case PERCENTILE ->
                Kpi.percentile(
                        name,
                        definition
                                .requiredNumber("percent", "a number above 0 and up to 100")
                                .doubleValue());
            case RATIO ->
                Kpi.ratio(name, List.of(definition.texts("events")), List.of(definition.texts("denominator")));
        };
    }
}
