package io.smartdata.cli;

import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.TreeMap;

/** A receipt for people. */
final class ReceiptText {
    private ReceiptText() {}

    static void print(PrintWriter out, String title, IngestReceipt receipt) {
        out.printf(
                Locale.ROOT,
                "%s%s: %,d received = %,d accepted + %s + %s + %,d rejected (%.1f s)%n",
                title,
                receipt.dryRun() ? " (dry run, nothing stored)" : "",
                receipt.received(),
                receipt.accepted(),
                Counted.of(receipt.duplicates(), "duplicate"),
                Counted.of(receipt.conflicts(), "conflict"),
                receipt.rejected(),
                receipt.duration().toMillis() / 1000.0);
        if (receipt.replaced() > 0) {
            out.printf("  %s replaced an earlier version%n", Counted.of(receipt.replaced(), "accepted event"));
        }
        if (receipt.minOccurredAt() != null) {
            out.printf(
                    "  from %s to %s, names %s%n",
                    receipt.minOccurredAt(), receipt.maxOccurredAt(), String.join(", ", receipt.names()));
        }
        StringBuilder detected = new StringBuilder("  identity=" + receipt.identity());
        new TreeMap<>(receipt.detected())
                .forEach((key, value) -> detected.append(", ").append(key + "=" + value));
        out.println(detected);
        receipt.warnings()
                .forEach((rule, events) ->
                        out.printf(Locale.ROOT, "  warning: %,d accepted against their schema, %s%n", events, rule));
        for (EventOutcome outcome : receipt.outcomes()) {
            var rejection = outcome.rejection();
            if (rejection != null) {
                out.printf(
                        "  row %d%s: %s: %s%n",
                        outcome.row(),
                        rejection.field() == null ? "" : ", field " + rejection.field(),
                        rejection.code().code(),
                        rejection.message());
            }
        }
        if (receipt.outcomesTruncated()) {
            out.println("  and more: smartdata dead-letters list shows them all");
        }
    }
}
