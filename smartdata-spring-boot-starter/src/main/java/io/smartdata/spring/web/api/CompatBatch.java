package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.RetryLaterException;
import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.Identity;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.RoutedReceipt;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.event.RejectionCode;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Route;
import io.smartdata.spring.web.route.Router;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The batch as the learning platform before smartdata takes and answers it, for clients that are there: every event is in exactly one
 * of three lists. Events without an id are not accepted, for a client could not tell what became of them.
 */
final class CompatBatch {
    private static final int MAX_EVENTS = 100;
    private static final int MAX_BYTES = 256 * 1024;

    private final SmartData smartData;

    CompatBatch(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** The reply, in the members that such clients know. */
    record CompatReply(
            @About("Ids of the events that this call stored.")
            List<String> accepted,

            @About("Ids of the events that were stored before.")
            List<String> duplicates,

            @About("The others: not to be sent again unless retryable.")
            List<Receipt.Failed> failed,

            CompatMeta meta) {}

    /** About the call. */
    record CompatMeta(
            long received,

            @About("Events whose org nobody could tell; also in failed, as org_missing.")
            long skippedMissingOrg,

            List<UUID> receiptIds) {}

    Route route() {
        return Route.post(
                        "/compat/batch",
                        "ingestCompatBatch",
                        "Up to 100 events, 256 KiB, answered as the learning platform before smartdata did; if smartdata.web.compat is on.")
                .ofCaller()
                .offers("RoutedIngest.batch", "Ingest.batch")
                .with(Router.ORG, EventRoutes.SOURCE)
                .events("application/json")
                .errors(EventRoutes.REFUSALS)
                .errors(ErrorCode.ORG_RESOLVER_FAILED)
                .answers(CompatReply.class, this::batch);
    }

    private CompatReply batch(Call call) {
        IngestOptions options = options(call);
        return call.body(MAX_BYTES, body -> {
            requireSize(JsonBatch.events(body));
            return call.org().map(org -> inOrg(call, org, body, options)).orElseGet(() -> routed(call, body, options));
        });
    }

    private static IngestOptions options(Call call) {
        IngestOptions options = EventRoutes.options(call);
        if (options.read().format() != Format.JSON) {
            throw new SmartDataException(
                    "unsupported_media_type", "The batch is sent as application/json, in UTF-8. Nothing was stored.");
        }
        return IngestOptions.lenient(options.read().withIdentity(Identity.CLIENT));
    }

    private static void requireSize(int events) {
        if (events == 0) {
            throw new SmartDataException("empty_input", "The batch has no events.");
        }
        if (events > MAX_EVENTS) {
            throw new SmartDataException(
                    "batch_too_large",
                    "The batch has %d events, the limit is %d. Nothing was stored. Split the batch."
                            .formatted(events, MAX_EVENTS));
        }
    }

    private CompatReply inOrg(Call call, OrgId org, byte[] body, IngestOptions options) {
        OrgScope scope = smartData.access().scope(call.caller(), org, Permission.INGEST);
        IngestReceipt receipt = smartData.ingest(scope).batch(body, options);
        return reply(List.of(receipt), List.of());
    }

    /** Such clients know of no part that was refused: they send the whole again, and what is stored is a duplicate. */
    private CompatReply routed(Call call, byte[] body, IngestOptions options) {
        RoutedReceipt receipt = smartData.ingest(call.caller()).batch(body, options);
        receipt.parts().stream()
                .flatMap(part -> Stream.ofNullable(part.refusal()))
                .min(Comparator.comparing(refusal -> refusal instanceof RetryLaterException ? 0 : 1))
                .ifPresent(refusal -> {
                    throw refusal;
                });
        return reply(
                receipt.parts().stream()
                        .flatMap(part -> Stream.ofNullable(part.receipt()))
                        .toList(),
                receipt.unrouted());
    }

    private static CompatReply reply(List<IngestReceipt> receipts, List<EventOutcome> unrouted) {
        List<EventOutcome> outcomes = Stream.concat(
                        receipts.stream().flatMap(receipt -> receipt.outcomes().stream()), unrouted.stream())
                .sorted(Comparator.comparingLong(EventOutcome::row))
                .toList();
        long skipped = outcomes.stream()
                .filter(outcome ->
                        outcome.rejection() != null && outcome.rejection().code() == RejectionCode.ORG_MISSING)
                .count();
        return new CompatReply(
                ids(outcomes, Outcome.ACCEPTED),
                ids(outcomes, Outcome.DUPLICATE),
                Receipt.Failed.of(outcomes),
                new CompatMeta(
                        outcomes.size(),
                        skipped,
                        receipts.stream().map(IngestReceipt::id).toList()));
    }

    private static List<String> ids(List<EventOutcome> outcomes, Outcome outcome) {
        return outcomes.stream()
                .filter(event -> event.outcome() == outcome)
                .flatMap(event -> Stream.ofNullable(event.id()))
                .toList();
    }
}
