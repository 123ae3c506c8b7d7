package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.event.Outcome;
import io.smartdata.event.Rejection;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.DetailedException;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Events in, and what became of them. */
final class EventRoutes implements RouteGroup {
    static final Parameter<String> SOURCE =
            Parameter.text("source", "Emitter of events that name none.").standard("api");
    static final Parameter<Boolean> DRY_RUN = Parameter.flag("dryRun", "Checks and counts, and stores nothing.");
    static final Parameter<String> IDEMPOTENCY_KEY = Parameter.text(
                    "Idempotency-Key",
                    "Sending the call again under it gives the first receipt.",
                    "1 to 255 characters",
                    EventRoutes::key)
            .inHeader();
    private static final Parameter<UUID> RECEIPT =
            Parameter.id("id", "Id of a receipt.").inPath();

    /** Why a body of events may be refused as a whole. */
    static final ErrorCode[] REFUSALS = {
        ErrorCode.EMPTY_INPUT,
        ErrorCode.INVALID_JSON,
        ErrorCode.INVALID_CSV,
        ErrorCode.INVALID_GZIP,
        ErrorCode.INVALID_ENCODING,
        ErrorCode.RATIO,
        ErrorCode.TOO_DEEP,
        ErrorCode.TOO_MANY_PROPERTIES,
        ErrorCode.EVENT_TOO_LARGE,
        ErrorCode.DRY_RUN_TOO_LARGE,
        ErrorCode.DUPLICATE_FIELD,
        ErrorCode.MISSING_ID,
        ErrorCode.MISSING_NAME,
        ErrorCode.MISSING_TIME,
        ErrorCode.ORG_MISMATCH,
        ErrorCode.UNREADABLE_INPUT,
        ErrorCode.IDEMPOTENCY_KEY_REUSED,
        ErrorCode.THROTTLED,
        ErrorCode.QUOTA_EXCEEDED,
        ErrorCode.GENERATION_MOVED,
        ErrorCode.UNKNOWN_OUTCOME
    };

    private static final Map<String, Format> FORMATS =
            Map.of("application/json", Format.JSON, "application/x-ndjson", Format.NDJSON, "text/csv", Format.CSV);

    private final SmartData smartData;
    private final boolean compat;

    /** @param compat whether the batch of the learning platform is there too */
    EventRoutes(SmartData smartData, boolean compat) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.compat = compat;
    }

    /** What became of one event that is stored. */
    record EventReceipt(
            UUID receiptId,
            @Nullable String id,

            @About("accepted, or duplicate if it was stored before.")
            Outcome outcome,

            boolean dryRun,
            Instant receivedAt) {}

    /** Why one event is not stored. */
    record RejectedEvent(
            @Nullable UUID receiptId,

            @About("A code of an event that was not accepted.") @Nullable
            String reason,

            @About("The member at fault.") @Nullable String field,

            @About("Whether sending the same event again later may help.") @Nullable
            Boolean retryable,

            @About("Where its bytes are kept.") @Nullable UUID deadLetterId) {}

    @Override
    public List<Route> routes() {
        List<Route> routes = new ArrayList<>(List.of(
                Route.post("/events", "ingestBatch", "Brings a batch of events in; sending it again is safe.")
                        .needs(Permission.INGEST)
                        .offers("Ingest.batch", "Ingest.events")
                        .with(SOURCE, DRY_RUN, IDEMPOTENCY_KEY)
                        .events("application/json", "application/x-ndjson", "text/csv")
                        .errors(REFUSALS)
                        .answers(Receipt.class, this::batch),
                Route.post("/events/single", "ingestEvent", "Brings one event in; sending it again is safe.")
                        .needs(Permission.INGEST)
                        .offers("Ingest.batch")
                        .with(SOURCE, DRY_RUN, IDEMPOTENCY_KEY)
                        .events("application/json")
                        .errors(REFUSALS)
                        .errors(ErrorCode.EVENT_REJECTED)
                        .problemsWith(RejectedEvent.class)
                        .answers(EventReceipt.class, this::single),
                Route.post("/batches", "ingestRouted", "Brings events of several orgs in, each to the org it names.")
                        .ofCaller()
                        .offers("RoutedIngest.batch", "RoutedIngest.events")
                        .with(SOURCE, DRY_RUN, IDEMPOTENCY_KEY)
                        .events("application/json", "application/x-ndjson", "text/csv")
                        .errors(REFUSALS)
                        .errors(ErrorCode.ORG_RESOLVER_FAILED)
                        .answers(RoutedBatch.class, this::routed),
                Route.get("/receipts/{id}", "getReceipt", "The receipt of an earlier call.")
                        .needs(Permission.INGEST)
                        .offers("Ingest.receipt")
                        .with(RECEIPT)
                        .errors(ErrorCode.UNKNOWN_RECEIPT, ErrorCode.UNKNOWN_ORG)
                        .answers(Receipt.class, this::receipt)));
        if (compat) {
            routes.add(new CompatBatch(smartData).route());
        }
        return routes;
    }

    private Receipt batch(Call call) {
        IngestOptions options = options(call);
        return call.body(body -> Receipt.of(smartData.ingest(call.scope()).batch(body, options)));
    }

    private EventReceipt single(Call call) {
        IngestOptions options = options(call);
        if (options.read().format() != Format.JSON) {
            throw unsupported("One event is sent as application/json");
        }
        IngestReceipt receipt = call.body(body -> {
            requireOneEvent(body);
            return smartData.ingest(call.scope()).batch(body, options);
        });
        EventOutcome outcome = receipt.outcomes().get(0);
        Rejection rejection = outcome.rejection();
        if (rejection != null) {
            throw rejected(receipt, outcome, rejection);
        }
        return new EventReceipt(receipt.id(), outcome.id(), outcome.outcome(), receipt.dryRun(), receipt.receivedAt());
    }

    private static void requireOneEvent(byte[] body) {
        if (!JsonBatch.startsWith(body, '{') || JsonBatch.events(body) != 1) {
            throw new SmartDataException(
                    "invalid_request",
                    "The body must be one event, as a JSON object. Nothing was stored. Several go to /events.");
        }
    }

    private static DetailedException rejected(IngestReceipt receipt, EventOutcome outcome, Rejection rejection) {
        Receipt.Failed failed = Receipt.Failed.of(outcome, rejection);
        return new DetailedException(
                ErrorCode.EVENT_REJECTED,
                rejection.message(),
                new RejectedEvent(
                        receipt.id(), failed.reason(), failed.field(), failed.retryable(), failed.deadLetterId()),
                null);
    }

    private RoutedBatch routed(Call call) {
        IngestOptions options = options(call);
        return call.body(body -> RoutedBatch.of(smartData.ingest(call.caller()).batch(body, options), call));
    }

    private Receipt receipt(Call call) {
        return Receipt.of(smartData.ingest(call.scope()).receipt(call.known(RECEIPT, ErrorCode.UNKNOWN_RECEIPT)));
    }

    /** As the request asks for, lenient. */
    static IngestOptions options(Call call) {
        return IngestOptions.lenient(read(call.get(SOURCE, "api")).withFormat(format(call.mediaType())))
                .withDryRun(call.get(DRY_RUN, false))
                .withIdempotencyKey(call.get(IDEMPOTENCY_KEY).orElse(null));
    }

    /**
     * The usual options for events of a source.
     *
     * @throws SmartDataException {@code invalid_request} if it cannot be one
     */
    static ReadOptions read(String source) {
        try {
            return ReadOptions.defaults(source);
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    "invalid_request", "source must be 1 to 200 readable characters. Nothing was stored.", e);
        }
    }

    private static Format format(String mediaType) {
        Format format = FORMATS.get(mediaType);
        if (format == null) {
            throw unsupported("Events are sent as application/json, application/x-ndjson or text/csv");
        }
        return format;
    }

    private static SmartDataException unsupported(String what) {
        return new SmartDataException("unsupported_media_type", what + ", in UTF-8. Nothing was stored.");
    }

    private static String key(String text) {
        if (text.isEmpty() || text.length() > 255) {
            throw new IllegalArgumentException("Too short or too long");
        }
        return text;
    }
}
