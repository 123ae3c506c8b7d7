package io.smartdata.core.kpi;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.smartdata.SmartDataException;
import io.smartdata.event.Properties;
import io.smartdata.kpi.Aggregation;
import io.smartdata.kpi.Direction;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.storage.StoredDefinition;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
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

    private static final ObjectMapper JSON = mapper(new JsonFactory());

    private KpiDefinitions() {}

    static ObjectMapper mapper(JsonFactory factory) {
        return new ObjectMapper(factory)
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature())
                .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
    }

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
        for (StoredDefinition definition : definitions) {
            JsonNode json = parse(definition.json());
            if (definition.name().equals(CATALOG)) {
                automatic = bool(json, "automatic", "", true);
            } else {
                kpis.add(kpi(json, definition.name()));
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
        return fromTree(parse(json));
    }

    static KpiCatalog fromTree(JsonNode document) {
        knownFields(document, CATALOG_FIELDS, "");
        JsonNode list = document.path("kpis");
        if (!list.isArray() && !list.isMissingNode()) {
            throw invalid("kpis", "is not a list");
        }
        List<Kpi> kpis = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            kpis.add(kpi(list.get(i), "kpis[%d]".formatted(i)));
        }
        return catalog(kpis, bool(document, "automatic", "", true));
    }

    private static KpiCatalog catalog(List<Kpi> kpis, boolean automatic) {
        try {
            return KpiCatalog.of(kpis).withAutomatic(automatic);
        } catch (IllegalArgumentException e) {
            throw invalid("kpis", e);
        }
    }

    private static JsonNode parse(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw malformed(e);
        }
    }

    static SmartDataException malformed(JsonProcessingException e) {
        return new SmartDataException(
                "invalid_catalog",
                "The KPI catalog cannot be read at %s: %s. Nothing was changed. Correct the text there."
                        .formatted(
                                e.getLocation() == null
                                        ? "its start"
                                        : "line %d, column %d"
                                                .formatted(
                                                        e.getLocation().getLineNr(),
                                                        e.getLocation().getColumnNr()),
                                firstLine(e.getOriginalMessage())),
                e);
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("malformed");
    }

    /** What differs from the default, and what a reader wants to see anyway. */
    private static Map<String, Object> members(Kpi kpi) {
        TreeMap<String, Object> members = new TreeMap<>();
        members.put("name", kpi.name());
        members.put("aggregation", text(kpi.aggregation()));
        members.put("events", kpi.filter().names());
        members.put("grain", text(kpi.grain()));
        members.put("direction", text(kpi.direction()));
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

    private static String text(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
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

    private static Kpi kpi(JsonNode json, String at) {
        knownFields(json, KPI_FIELDS, at);
        String name = requiredText(json, "name", at);
        Aggregation aggregation = choice(Aggregation.class, requiredText(json, "aggregation", at), at + ".aggregation");
        try {
            Kpi kpi = start(json, at, name, aggregation).event(texts(json, "events", at));
            kpi = apply(kpi, text(json, "field", at), kpi::of);
            kpi = apply(kpi, text(json, "source", at), kpi::fromSource);
            kpi = apply(kpi, text(json, "unit", at), kpi::unit);
            kpi = apply(kpi, text(json, "owner", at), kpi::owner);
            String grain = text(json, "grain", at);
            if (grain != null) {
                kpi = kpi.grain(choice(Grain.class, grain, at + ".grain"));
            }
            String direction = text(json, "direction", at);
            if (direction != null) {
                kpi = kpi.direction(choice(Direction.class, direction, at + ".direction"));
            }
            for (String dimension : texts(json, "dimensions", at)) {
                kpi = kpi.dimension(dimension);
            }
            kpi = where(kpi, json.path("where"), at + ".where");
            return kpi.zeroWhenAbsent(bool(json, "zeroWhenAbsent", at, kpi.zeroWhenAbsent()));
        } catch (IllegalArgumentException e) {
            throw invalid(at, e);
        }
    }

    private static Kpi apply(Kpi kpi, @Nullable String text, Function<String, Kpi> change) {
        return text == null ? kpi : change.apply(text);
    }

    private static Kpi start(JsonNode json, String at, String name, Aggregation aggregation) {
        String[] denominator = texts(json, "denominator", at);
        if (denominator.length > 0 && aggregation != Aggregation.RATIO) {
            throw invalid(at + ".denominator", "only a ratio has one");
        }
        JsonNode percent = json.path("percent");
        if (aggregation != Aggregation.PERCENTILE && !percent.isMissingNode()) {
            throw invalid(at + ".percent", "only a percentile has one");
        }
        return switch (aggregation) {
            case COUNT -> Kpi.count(name);
            case SUM -> Kpi.sum(name);
            case AVG -> Kpi.avg(name);
            case MIN -> Kpi.min(name);
            case MAX -> Kpi.max(name);
            case LATEST -> Kpi.latest(name);
            case DISTINCT -> Kpi.distinct(name);
            case PERCENTILE -> {
                if (!percent.isNumber()) {
                    throw invalid(at + ".percent", "is not a number above 0 and up to 100");
                }
                yield Kpi.percentile(name, percent.doubleValue());
            }
            case RATIO -> Kpi.ratio(name, List.of(texts(json, "events", at)), List.of(denominator));
        };
    }

    private static Kpi where(Kpi kpi, JsonNode conditions, String at) {
        if (!conditions.isMissingNode() && !conditions.isObject()) {
            throw invalid(at, "is not a map of properties to texts");
        }
        Kpi filtered = kpi;
        for (Iterator<String> names = conditions.fieldNames(); names.hasNext(); ) {
            String property = names.next();
            filtered = filtered.where(property, texts(conditions, property, at));
        }
        return filtered;
    }

    private static void knownFields(JsonNode json, Set<String> known, String at) {
        if (!json.isObject()) {
            throw invalid(at, "is not a map");
        }
        for (Iterator<String> names = json.fieldNames(); names.hasNext(); ) {
            String name = names.next();
            if (!known.contains(name)) {
                String shown = name.length() > 50 ? name.substring(0, 50) + ".." : name;
                throw invalid(
                        at,
                        "has no field %s; there are %s"
                                .formatted(shown, known.stream().sorted().toList()));
            }
        }
    }

    private static String requiredText(JsonNode json, String field, String at) {
        String text = text(json, field, at);
        if (text == null) {
            throw invalid(at + "." + field, "is missing");
        }
        return text;
    }

    private static @Nullable String text(JsonNode json, String field, String at) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isTextual()) {
            throw invalid(at + "." + field, "is not text; put it in quotes");
        }
        return value.textValue();
    }

    /** A list of texts, or one text; numbers and booleans as they are written. */
    private static String[] texts(JsonNode json, String field, String at) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return new String[0];
        }
        List<JsonNode> items = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(items::add);
        } else {
            items.add(value);
        }
        return items.stream()
                .map(item -> {
                    if (!item.isValueNode() || item.getNodeType() == JsonNodeType.NULL) {
                        throw invalid(at + "." + field, "is neither a text nor a list of texts");
                    }
                    return item.asText();
                })
                .toArray(String[]::new);
    }

    private static boolean bool(JsonNode json, String field, String at, boolean otherwise) {
        JsonNode value = json.path(field);
        if (value.isMissingNode()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw invalid(at + "." + field, "is neither true nor false");
        }
        return value.booleanValue();
    }

    private static <E extends Enum<E>> E choice(Class<E> type, String text, String at) {
        return Arrays.stream(type.getEnumConstants())
                .filter(constant -> text(constant).equals(text.toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() -> invalid(
                        at,
                        "is none of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(KpiDefinitions::text)
                                        .collect(Collectors.joining(", "))));
    }

    private static SmartDataException invalid(String at, IllegalArgumentException cause) {
        return new SmartDataException(
                "invalid_catalog",
                "The KPI catalog is wrong at %s: %s. Nothing was changed.".formatted(at, cause.getMessage()),
                cause);
    }

    private static SmartDataException invalid(String at, String what) {
        return new SmartDataException(
                "invalid_catalog",
                "The KPI catalog is wrong: %s %s. Nothing was changed. Correct it there."
                        .formatted(at.isEmpty() ? "the document" : at, what));
    }
}
