package io.smartdata.spring.web;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.smartdata.core.freshness.DerivedFreshness;
import io.smartdata.core.freshness.Freshness;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.kpi.KpiPoint;
import io.smartdata.kpi.KpiSeries;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What the facade answers, as JSON. */
final class Answers {
    private Answers() {}

    /** {@code accepted} and {@code duplicates} are safe with us; everything else is listed with what to do about it. */
    static ObjectNode batch(IngestReceipt receipt) {
        ObjectNode node = Json.object();
        node.put("receiptId", receipt.id().toString());
        node.put("received", receipt.received());
        node.put("accepted", receipt.accepted());
        node.put("duplicates", receipt.duplicates());
        node.put("dryRun", receipt.dryRun());
        ArrayNode failed = node.putArray("failed");
        for (EventOutcome outcome : receipt.outcomes()) {
            Rejection rejection = outcome.rejection();
            if (rejection != null) {
                failed(failed.addObject(), outcome, rejection);
            }
        }
        return node;
    }

    /** As the call was answered, with what tells it from others. */
    static ObjectNode receipt(IngestReceipt receipt) {
        ObjectNode node = batch(receipt);
        node.put("source", receipt.source());
        node.put("conflicts", receipt.conflicts());
        node.put("rejected", receipt.rejected());
        node.put("failedTruncated", receipt.outcomesTruncated());
        node.put("receivedAt", receipt.receivedAt().toString());
        return node;
    }

    private static void failed(ObjectNode node, EventOutcome outcome, Rejection rejection) {
        node.put("index", outcome.row() - 1);
        node.put("id", outcome.id());
        node.put("reason", rejection.code().code());
        node.put("field", rejection.field());
        node.put("message", rejection.message());
        node.put("retryable", rejection.code() == RejectionCode.THROTTLED);
        node.put(
                "deadLetterId",
                Optional.ofNullable(outcome.deadLetterId())
                        .map(Object::toString)
                        .orElse(null));
    }

    static ObjectNode kpis(List<String> names) {
        ObjectNode node = Json.object();
        ArrayNode kpis = node.putArray("kpis");
        names.forEach(name -> kpis.addObject().put("name", name));
        return node;
    }

    /** The figures; when they were read is told apart, since it alone differs between two answers that are the same. */
    static ObjectNode series(KpiSeries series) {
        ObjectNode node = Json.object();
        node.put("kpi", series.kpi().name());
        node.put("unit", series.kpi().unit());
        node.put("grain", word(series.grain()));
        node.put("zone", series.zone().getId());
        node.put("generation", series.generation());
        node.put("exact", series.exact());
        node.put("truncated", series.truncated());
        ArrayNode points = node.putArray("points");
        series.points().forEach(point -> point(points.addObject(), point));
        return node;
    }

    private static void point(ObjectNode node, KpiPoint point) {
        node.put("bucket", point.bucket());
        node.put("start", point.start().toString());
        if (!point.source().isEmpty()) {
            node.put("source", point.source());
        }
        if (!point.dimension().isEmpty()) {
            node.put("dimension", point.dimension());
        }
        node.put("value", point.value() == null ? null : new BigDecimal(point.valueText()));
        node.put("events", point.events());
        node.put("complete", point.complete());
    }

    static ObjectNode freshness(Freshness freshness) {
        ObjectNode node = Json.object();
        node.put("dataFreshAsOf", freshness.asOf().toString());
        node.put("stale", freshness.stale());
        node.put("lagSeconds", freshness.lag().toSeconds());
        node.put("backlogBatches", freshness.backlog().batches());
        ArrayNode derived = node.putArray("derived");
        freshness.derived().forEach(each -> derived(derived.addObject(), each));
        ArrayNode silences = node.putArray("silences");
        freshness
                .silences()
                .forEach(silence -> silences.addObject()
                        .put("source", silence.source())
                        .put("lastReceivedAt", silence.lastReceivedAt().toString()));
        return node;
    }

    private static void derived(ObjectNode node, DerivedFreshness derived) {
        Instant due = derived.due();
        node.put("answer", word(derived.answer()));
        node.put("dataFreshAsOf", derived.dataFreshAsOf().toString());
        node.put("due", due == null ? null : due.toString());
        node.put("overdueSeconds", derived.overdue().toSeconds());
        node.put("stale", derived.stale());
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
