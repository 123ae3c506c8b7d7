package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.tenancy.Permission;
import java.util.List;
import java.util.Map;
import java.util.UUID;

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

    private static final Map<String, Format> FORMATS =
            Map.of("application/json", Format.JSON, "application/x-ndjson", Format.NDJSON, "text/csv", Format.CSV);

    private final SmartData smartData;

    EventRoutes(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post("/events", "ingestBatch", "Brings a batch of events in; sending it again is safe.")
                        .needs(Permission.INGEST)
                        .offers("Ingest.batch", "Ingest.events")
                        .with(SOURCE, DRY_RUN, IDEMPOTENCY_KEY)
                        .events("application/json", "application/x-ndjson", "text/csv")
                        .errors(
                                ErrorCode.BATCH_TOO_LARGE,
                                ErrorCode.EMPTY_INPUT,
                                ErrorCode.INVALID_JSON,
                                ErrorCode.INVALID_CSV,
                                ErrorCode.INVALID_GZIP,
                                ErrorCode.INVALID_ENCODING,
                                ErrorCode.UNREADABLE_INPUT,
                                ErrorCode.IDEMPOTENCY_KEY_REUSED,
                                ErrorCode.THROTTLED,
                                ErrorCode.QUOTA_EXCEEDED,
                                ErrorCode.GENERATION_MOVED,
                                ErrorCode.UNKNOWN_OUTCOME)
                        .answers(Receipt.class, this::batch),
                Route.get("/receipts/{id}", "getReceipt", "The receipt of an earlier call.")
                        .needs(Permission.INGEST)
                        .offers("Ingest.receipt")
                        .with(RECEIPT)
                        .errors(ErrorCode.UNKNOWN_RECEIPT, ErrorCode.UNKNOWN_ORG)
                        .answers(Receipt.class, this::receipt));
    }

    private Receipt batch(Call call) {
        IngestOptions options = options(call);
        return call.body(body -> Receipt.of(smartData.ingest(call.scope()).batch(body, options)));
    }

    private Receipt receipt(Call call) {
        return Receipt.of(smartData.ingest(call.scope()).receipt(call.known(RECEIPT, ErrorCode.UNKNOWN_RECEIPT)));
    }

    /** As the request asks for, lenient. */
    static IngestOptions options(Call call) {
        return IngestOptions.lenient(
                        ReadOptions.defaults(call.get(SOURCE, "api")).withFormat(format(call.mediaType())))
                .withDryRun(call.get(DRY_RUN, false))
                .withIdempotencyKey(call.get(IDEMPOTENCY_KEY).orElse(null));
    }

    private static Format format(String mediaType) {
        Format format = FORMATS.get(mediaType);
        if (format == null) {
            throw new SmartDataException(
                    "unsupported_media_type",
                    "Events are sent as application/json, application/x-ndjson or text/csv, in UTF-8. Nothing was stored.");
        }
        return format;
    }

    private static String key(String text) {
        if (text.isEmpty() || text.length() > 255) {
            throw new IllegalArgumentException("Too short or too long");
        }
        return text;
    }
}
