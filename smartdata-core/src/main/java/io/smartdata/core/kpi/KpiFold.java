package io.smartdata.core.kpi;

import io.smartdata.event.Event;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.KpiDelta;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Accumulates events into what they add to each cell. Its memory is that of the cells touched. Not thread-safe; the
 * result depends on the set of events only.
 *
 * @since 0.1.0
 */
public final class KpiFold {
    private final KpiPlan plan;
    private final LocalBuckets buckets;
    private final EventFields fields;
    private final Map<String, List<KpiPlan.Step>> stepsByName = new HashMap<>();
    private final Map<CellKey, KpiState> cells = new HashMap<>();
    private String hashedText = "";
    private long hashOfText;

    KpiFold(KpiPlan plan) {
        this.plan = plan;
        this.buckets = new LocalBuckets(plan.zone());
        this.fields = new EventFields(plan.properties());
        this.hashOfText = plan.hash().hash(hashedText);
    }

    /** Adds an event; adding it twice counts it twice. */
    public void add(Event event) {
        List<KpiPlan.Step> steps = stepsByName.computeIfAbsent(event.name(), plan::steps);
        fields.of(event);
        for (KpiPlan.Step step : steps) {
            if (step.family().accepts(event, fields)) {
                add(event, step);
            }
        }
    }

    private void add(Event event, KpiPlan.Step step) {
        KpiFamily family = step.family();
        String bucket = buckets.bucket(event.occurredAt(), family.grain());
        BigDecimal value = fields.number(event, family.number());
        String counted = family.distinct() == null ? null : fields.text(event, family.distinct());
        add(event, family, new CellKey(family.id(), bucket, event.source(), ""), value, counted);
        for (KpiPlan.Breakdown breakdown : step.breakdowns()) {
            String dimension = breakdown.dimension();
            String cell = dimension + "=" + KpiFamily.dimensionValue(fields.property(dimension));
            add(event, family, new CellKey(breakdown.family(), bucket, event.source(), cell), value, counted);
        }
    }

    private void add(Event event, KpiFamily family, CellKey key, @Nullable BigDecimal value, @Nullable String counted) {
        KpiState state = cells.get(key);
        if (state == null) {
            state = family.emptyState();
            cells.put(key, state);
        }
        state.addEvent();
        if (counted != null) {
            state.addDistinct(hash(counted));
        }
        if (value != null) {
            long micros = ChronoUnit.MICROS.between(Instant.EPOCH, event.occurredAt());
            state.addValue(
                    value, micros, event.source(), event.id().high(), event.id().low());
        }
    }

    /** Several cells of one event count the same text. */
    private long hash(String text) {
        if (!text.equals(hashedText)) {
            hashedText = text;
            hashOfText = plan.hash().hash(text);
        }
        return hashOfText;
    }

    /** Local days and hours of this fold. */
    LocalBuckets buckets() {
        return buckets;
    }

    /** What the events added so far amount to, one state a cell, ordered by key. */
    public List<KpiDelta> deltas() {
        List<KpiDelta> deltas = new ArrayList<>(cells.size());
        cells.forEach((key, state) -> deltas.add(new KpiDelta(key, state.bytes())));
        deltas.sort((a, b) -> a.key().compareTo(b.key()));
        return deltas;
    }
}
