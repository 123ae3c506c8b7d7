package io.smartdata.core.kpi;

import static java.util.Objects.requireNonNull;

import io.smartdata.kpi.Aggregation;
import io.smartdata.kpi.Kpi;
import io.smartdata.kpi.KpiCatalog;
import io.smartdata.tenancy.OrgSettings;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A catalog made ready for folding events of one org. Immutable and thread-safe; make it once for a generation.
 *
 * @since 0.1.0
 */
public final class KpiPlan {
    private static final String HASH_PURPOSE = "smartdata.kpi.distinct.1";

    private final KpiCatalog catalog;
    private final ZoneId zone;
    private final SipHash hash;
    private final List<Step> steps;
    private final Set<String> properties;

    /** One family and the dimensions its KPIs are broken down by. */
    record Step(KpiFamily family, List<Breakdown> breakdowns) {}

    /** One dimension and the family of its cells. */
    record Breakdown(String dimension, String family) {}

    private KpiPlan(KpiCatalog catalog, ZoneId zone, SipHash hash, List<Step> steps) {
        this.catalog = catalog;
        this.zone = zone;
        this.hash = hash;
        this.steps = steps;
        this.properties = new HashSet<>();
        for (Step step : steps) {
            properties.addAll(step.family().filter().properties().keySet());
            properties.add(step.family().number());
            if (step.family().distinct() != null) {
                properties.add(step.family().distinct());
            }
            step.breakdowns().forEach(breakdown -> properties.add(breakdown.dimension()));
        }
    }

    /**
     * Makes a catalog ready.
     *
     * @param zone whose local days and hours are the buckets
     * @param hashKey secret of the org; keys the hashes of distinct counts
     */
    public static KpiPlan of(KpiCatalog catalog, ZoneId zone, byte[] hashKey) {
        Map<KpiFamily, Set<String>> families = new LinkedHashMap<>();
        for (Kpi kpi : catalog.declared()) {
            families.computeIfAbsent(KpiFamily.of(kpi), f -> new TreeSet<>()).addAll(kpi.dimensions());
            if (kpi.aggregation() == Aggregation.RATIO) {
                families.computeIfAbsent(KpiFamily.denominatorOf(kpi), f -> new TreeSet<>())
                        .addAll(kpi.dimensions());
            }
        }
        List<Step> steps = new ArrayList<>();
        families.forEach((family, dimensions) -> steps.add(step(family, dimensions)));
        return new KpiPlan(catalog, requireNonNull(zone, "zone"), keyedHash(hashKey), List.copyOf(steps));
    }

    /** With the zone and key of an org. */
    public static KpiPlan of(KpiCatalog catalog, OrgSettings org) {
        return of(catalog, org.zone(), org.hashKey());
    }

    /** Only what makes up the cells of one family; what an automatic KPI counts is automatic still. */
    KpiPlan only(KpiFamily family) {
        return new KpiPlan(
                catalog,
                zone,
                hash,
                steps.stream().filter(step -> step.family().equals(family)).toList());
    }

    private static Step step(KpiFamily family, Set<String> dimensions) {
        return new Step(
                family,
                dimensions.stream()
                        .map(dimension -> new Breakdown(dimension, family.brokenDownBy(dimension)))
                        .toList());
    }

    /** The org's key serves fingerprints too, so distinct counts get a key derived from it. */
    private static SipHash keyedHash(byte[] hashKey) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hashKey, "HmacSHA256"));
            byte[] key = mac.doFinal(HASH_PURPOSE.getBytes(StandardCharsets.US_ASCII));
            return new SipHash(SipHash.word(key, 0, 8), SipHash.word(key, 8, 8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        }
    }

    /** Starts to accumulate events. */
    public KpiFold fold() {
        return new KpiFold(this);
    }

    ZoneId zone() {
        return zone;
    }

    SipHash hash() {
        return hash;
    }

    /** Properties that some KPI reads. */
    Set<String> properties() {
        return properties;
    }

    /** What an event of this name may touch. */
    List<Step> steps(String eventName) {
        if (catalog.automaticFor(eventName)) {
            return KpiFamily.automatic(eventName).stream()
                    .map(family -> new Step(family, List.of()))
                    .toList();
        }
        return steps.stream()
                .filter(step -> step.family().filter().selects(eventName))
                .toList();
    }
}
