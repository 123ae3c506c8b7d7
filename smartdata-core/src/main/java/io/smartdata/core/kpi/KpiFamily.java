package io.smartdata.core.kpi;

import io.smartdata.event.Event;
import io.smartdata.event.Properties;
import io.smartdata.kpi.Aggregation;
import io.smartdata.kpi.EventFilter;
import io.smartdata.kpi.Grain;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One kind of state: KPIs that select the same events and read the same fields share it. The cells of a breakdown have a
 * family of their own, {@code id/dimension}, and distinct counts stand apart from figures of values, so that reading one
 * costs nothing for the other.
 *
 * @param id {@code e:} and the event name if automatic, {@code d:} for its distinct count, else {@code k:} and a hash of all
 *     below
 * @param filter which events
 * @param number field of the values
 * @param distinct field whose different texts are counted, or null
 * @param percentile true if ranks are kept
 * @param grain width of the buckets
 */
record KpiFamily(
        String id,
        EventFilter filter,
        String number,
        @Nullable String distinct,
        boolean percentile,
        Grain grain) {
    private static final String AUTOMATIC = "e:";
    private static final String AUTOMATIC_DISTINCT = "d:";
    private static final int HASH_BYTES = 12;

    /** Longest dimension value kept as it is. */
    private static final int MAX_DIMENSION_VALUE = 200;

    private static final int CUT_DIMENSION_VALUE = 160;

    /** The state of a KPI; of a ratio, of its numerator. */
    static KpiFamily of(Kpi kpi) {
        if (!kpi.automatic()) {
            return of(kpi, kpi.filter());
        }
        String eventName = kpi.filter().names().get(0);
        return kpi.aggregation() == Aggregation.DISTINCT ? automaticDistinct(eventName) : automaticValues(eventName);
    }

    /** The state of a ratio's denominator. */
    static KpiFamily denominatorOf(Kpi ratio) {
        return of(ratio, ratio.filter().named(ratio.denominator()));
    }

    /** The states behind the automatic KPIs of an event name. */
    static List<KpiFamily> automatic(String eventName) {
        return List.of(automaticValues(eventName), automaticDistinct(eventName));
    }

    private static KpiFamily automaticValues(String eventName) {
        return new KpiFamily(AUTOMATIC + eventName, named(eventName), Kpi.VALUE, null, false, Grain.DAY);
    }

    private static KpiFamily automaticDistinct(String eventName) {
        return new KpiFamily(
                AUTOMATIC_DISTINCT + eventName, named(eventName), Kpi.VALUE, Kpi.SUBJECT, false, Grain.DAY);
    }

    private static EventFilter named(String eventName) {
        return new EventFilter(List.of(eventName), null, new TreeMap<>());
    }

    /** Names of the KPIs that read the cells of a family, breakdowns included. */
    static List<String> kpisOf(String familyId, KpiCatalog catalog) {
        if (familyId.startsWith(AUTOMATIC) || familyId.startsWith(AUTOMATIC_DISTINCT)) {
            return catalog.automaticOf(familyId.substring(AUTOMATIC.length())).stream()
                    .filter(kpi -> of(kpi).id().equals(familyId))
                    .map(Kpi::name)
                    .toList();
        }
        return catalog.declared().stream()
                .filter(kpi -> isOf(kpi, familyId))
                .map(Kpi::name)
                .toList();
    }

    private static boolean isOf(Kpi kpi, String familyId) {
        String total = familyId.contains("/") ? familyId.substring(0, familyId.indexOf('/')) : familyId;
        return total.equals(of(kpi).id())
                || kpi.aggregation() == Aggregation.RATIO
                        && total.equals(denominatorOf(kpi).id());
    }

    private static KpiFamily of(Kpi kpi, EventFilter filter) {
        boolean counts = kpi.aggregation() == Aggregation.DISTINCT;
        String number = counts || kpi.field().isEmpty() ? Kpi.VALUE : kpi.field();
        String distinct = counts ? kpi.field() : null;
        boolean percentile = kpi.aggregation() == Aggregation.PERCENTILE;
        String id = "k:" + hash(filter, number, distinct, percentile, kpi.grain());
        return new KpiFamily(id, filter, number, distinct, percentile, kpi.grain());
    }

    private static String hash(
            EventFilter filter, String number, @Nullable String distinct, boolean percentile, Grain grain) {
        TreeMap<String, @Nullable Object> parts = new TreeMap<>();
        parts.put("names", filter.names());
        parts.put("source", filter.source());
        parts.put("properties", filter.properties());
        parts.put("number", number);
        parts.put("distinct", distinct);
        parts.put("percentile", percentile);
        parts.put("grain", grain.name());
        return hash(Properties.of(parts).json(), HASH_BYTES);
    }

    private static String hash(String text, int bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(Arrays.copyOf(digest, bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }

    /** Family of the cells that break this one down. */
    String brokenDownBy(String dimension) {
        return id + "/" + dimension;
    }

    /** True if an event whose name fits meets the other conditions. */
    boolean accepts(Event event, EventFields fields) {
        if (filter.source() != null && !filter.source().equals(event.source())) {
            return false;
        }
        if (filter.properties().isEmpty()) {
            return true;
        }
        for (Map.Entry<String, List<String>> condition : filter.properties().entrySet()) {
            String text = fields.property(condition.getKey());
            if (text == null || !condition.getValue().contains(text)) {
                return false;
            }
        }
        return true;
    }

    KpiState emptyState() {
        return KpiState.empty(distinct != null, percentile);
    }

    /**
     * A dimension value as it stands in a key: empty if the event lacks it. One that is too long for an index, or holds
     * the NUL that PostgreSQL refuses, is cut and ends with its hash, so different values stay different.
     */
    static String dimensionValue(@Nullable String text) {
        if (text == null) {
            return "";
        }
        if (text.length() <= MAX_DIMENSION_VALUE && text.indexOf('\0') < 0) {
            return text;
        }
        int cut = Math.min(CUT_DIMENSION_VALUE, text.length());
        if (cut < text.length() && Character.isLowSurrogate(text.charAt(cut))) {
            cut--;
        }
        return text.substring(0, cut).replace('\0', '?') + "~" + hash(text, HASH_BYTES);
    }
}
