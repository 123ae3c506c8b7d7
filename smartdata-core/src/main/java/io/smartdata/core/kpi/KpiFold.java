package io.smartdata.core.kpi;

import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.kpi.KpiDelta;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
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
    private final Map<String, List<StepCells>> cellsByName = new HashMap<>();
    private final Map<KpiPlan.Step, StepCells> cells = new IdentityHashMap<>();
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
        fields.of(event);
        List<StepCells> touched = touched(event.name());
        for (int i = 0; i < touched.size(); i++) {
            StepCells step = touched.get(i);
            if (step.family().accepts(event, fields)) {
                add(event, step);
            }
        }
    }

    /** One step serves many names, but it is one and the same object for all of them. */
    private List<StepCells> touched(String name) {
        List<StepCells> touched = cellsByName.get(name);
        if (touched == null) {
            touched = plan.steps(name).stream()
                    .map(step -> cells.computeIfAbsent(step, StepCells::new))
                    .toList();
            cellsByName.put(name, touched);
        }
        return touched;
    }

    private void add(Event event, StepCells step) {
        KpiFamily family = step.family();
        BigDecimal value = family.distinct() == null ? fields.number(event, family.number()) : null;
        String counted = family.distinct() == null ? null : fields.text(event, family.distinct());
        if (family.distinct() != null && counted == null) {
            return;
        }
        long bucket = buckets.number(event.occurredAt(), family.grain());
        StepCells.OfSource cellsOfSource = step.of(event.source());
        add(event, cellsOfSource.total().at(bucket), value, counted);
        List<KpiPlan.Breakdown> breakdowns = step.breakdowns();
        for (int i = 0; i < breakdowns.size(); i++) {
            String text = fields.property(breakdowns.get(i).dimension());
            add(event, cellsOfSource.breakdown(i, text).at(bucket), value, counted);
        }
    }

    private void add(Event event, KpiState state, @Nullable BigDecimal value, @Nullable String counted) {
        state.addEvent();
        if (counted != null) {
            state.addDistinct(hash(counted));
        }
        if (value != null) {
            EventId id = event.id();
            state.addValue(value, micros(event.occurredAt()), event.source(), id.high(), id.low());
        }
    }

    private static long micros(Instant time) {
        return Math.addExact(Math.multiplyExact(time.getEpochSecond(), 1_000_000L), time.getNano() / 1_000);
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
        List<KpiDelta> deltas = new ArrayList<>();
        cells.values().forEach(step -> step.deltas(deltas));
        deltas.sort((a, b) -> a.key().compareTo(b.key()));
        return deltas;
    }
}
