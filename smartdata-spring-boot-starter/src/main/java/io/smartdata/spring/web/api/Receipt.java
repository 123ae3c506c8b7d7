package io.smartdata.spring.web.api;

import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Rejection;
import io.smartdata.event.RejectionCode;
import io.smartdata.spring.web.route.About;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What became of an ingest call. */
record Receipt(
        UUID receiptId,
        String source,
        long received,
        @About("Stored and counted by this call.") long accepted,
        @About("Stored and counted by an earlier one.") long duplicates,

        @About("Same identity as a stored event, other content; also in failed.")
        long conflicts,

        @About("All others that are in failed.") long rejected,
        boolean dryRun,

        @About("Events that are not stored, with what to do about each.")
        List<Failed> failed,

        @About("Whether there are more of them than failed lists.")
        boolean failedTruncated,

        Instant receivedAt) {

    /** An event that was not accepted. */
    record Failed(
            @About("Place in the batch, from 0; of CSV and NDJSON the line, from 0.")
            long index,

            @About("The same from 1, as messages name it.") long row,

            @Nullable String id,

            @About("A code of an event that was not accepted.")
            String reason,

            @About("The member at fault.") @Nullable String field,
            String message,

            @About("Whether sending the same event again later may help.")
            boolean retryable,

            @About("Where its bytes are kept.") @Nullable UUID deadLetterId) {

        static Failed of(EventOutcome outcome, Rejection rejection) {
            return new Failed(
                    outcome.row() - 1,
                    outcome.row(),
                    outcome.id(),
                    rejection.code().code(),
                    rejection.field(),
                    rejection.message(),
                    rejection.code() == RejectionCode.THROTTLED,
                    outcome.deadLetterId());
        }

        static List<Failed> of(List<EventOutcome> outcomes) {
            return outcomes.stream()
                    .filter(outcome -> outcome.rejection() != null)
                    .map(outcome -> of(outcome, outcome.rejection()))
                    .toList();
        }
    }

    static Receipt of(IngestReceipt receipt) {
        return new Receipt(
                receipt.id(),
                receipt.source(),
                receipt.received(),
                receipt.accepted(),
                receipt.duplicates(),
                receipt.conflicts(),
                receipt.rejected(),
                receipt.dryRun(),
                Failed.of(receipt.outcomes()),
                receipt.outcomesTruncated(),
                receipt.receivedAt());
    }
}
