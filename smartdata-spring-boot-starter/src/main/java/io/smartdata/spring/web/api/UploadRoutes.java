package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.ingest.EpochUnit;
import io.smartdata.core.ingest.Format;
import io.smartdata.core.ingest.Identity;
import io.smartdata.core.ingest.Ingest;
import io.smartdata.core.ingest.IngestOptions;
import io.smartdata.core.ingest.IngestRefusedException;
import io.smartdata.core.ingest.Mode;
import io.smartdata.core.ingest.PartlyStoredException;
import io.smartdata.core.ingest.ReadOptions;
import io.smartdata.event.IngestReceipt;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.DetailedException;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Multipart;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.spring.web.upload.UploadOwner;
import io.smartdata.spring.web.upload.UploadSettings;
import io.smartdata.spring.web.upload.UploadStatus;
import io.smartdata.spring.web.upload.Uploads;
import io.smartdata.tenancy.Permission;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.Part;
import java.io.IOException;
import java.nio.charset.Charset;
import java.time.Clock;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Files in. */
final class UploadRoutes implements RouteGroup {
    private static final String MULTIPART = "multipart/form-data";
    private static final String FILE = "file";

    /** Types of a raw body; null where the first bytes tell. */
    private static final Map<String, Format> FORMATS = Map.of(
            "application/json",
            Format.JSON,
            "application/x-ndjson",
            Format.NDJSON,
            "text/csv",
            Format.CSV,
            "text/tab-separated-values",
            Format.CSV,
            "application/gzip",
            Format.AUTO,
            "application/octet-stream",
            Format.AUTO,
            MULTIPART,
            Format.AUTO);

    private static final String[] MEDIA_TYPES = {
        "application/octet-stream",
        "text/csv",
        "text/tab-separated-values",
        "application/json",
        "application/x-ndjson",
        "application/gzip",
        MULTIPART
    };

    private static final Parameter<UUID> UPLOAD_ID = Parameter.id(
                    "Upload-Id", "Names the upload, so that its progress can be asked for.")
            .inHeader();
    private static final Parameter<UUID> ID =
            Parameter.id("id", "Upload-Id of an upload.").inPath();
    private static final Parameter<Mode> MODE = Parameter.choice(
                    "mode",
                    "What a bad row means: strict, the whole file or nothing in one transaction; validated, all is checked before anything is stored; lenient, good rows are stored and bad ones kept.",
                    Mode.class)
            .standard("strict");
    private static final Parameter<Format> FORMAT = Parameter.choice(
                    "format", "How the file is written; in place of what Content-Type says.", Format.class)
            .standard("auto");
    private static final Parameter<Identity> IDENTITY = Parameter.choice(
                    "identity", "What makes two events the same one.", Identity.class)
            .standard("auto");
    private static final Parameter<String> DEFAULT_NAME =
            Parameter.text("defaultName", "Name of events that have none.");
    private static final Parameter<ZoneId> ZONE =
            Parameter.zone("zone", "Zone of times without offset; unless given, the org's.");
    private static final Parameter<Charset> CHARSET = Parameter.text(
            "charset",
            "Character set of the file; unless given, UTF-8.",
            "the name of a character set, as ISO-8859-1",
            Charset::forName);
    private static final Parameter<Character> DELIMITER = Parameter.text(
            "delimiter",
            "Of CSV; unless given, comma or tab as the header tells.",
            "one character, or tab",
            UploadRoutes::delimiter);
    private static final Parameter<EpochUnit> EPOCH_UNIT = Parameter.choice(
            "epochUnit", "Unit of times that are bare numbers; unless given, they are refused.", EpochUnit.class);
    private static final Parameter<Map<String, String>> MAPPING = Parameter.text(
            "mapping",
            "Which column or member is which field; in place of the names that are known.",
            "field:column pairs with commas between, as occurredAt:when,value:total",
            UploadRoutes::mapping);

    private final SmartData smartData;
    private final Uploads uploads;

    UploadRoutes(SmartData smartData, UploadSettings settings) {
        this.smartData = requireNonNull(smartData, "smartData");
        this.uploads = new Uploads(settings, Clock.systemUTC());
    }

    /** What a problem of an upload says beside. */
    record UploadProblem(
            @About("The first bad rows of an upload that is not lenient, at most 100.") @Nullable
            List<Receipt.Failed> failed,

            @About("All of them, listed or not.") @Nullable Long failedCount,

            @About("What was stored before the upload broke off; it stays.") @Nullable
            Receipt stored) {}

    @Override
    public List<Route> routes() {
        return List.of(
                Route.post(
                                "/uploads",
                                "upload",
                                "Brings a file of any size in, as the body or as the part file of a form.")
                        .needs(Permission.INGEST)
                        .offers("Ingest.input", "Ingest.file")
                        .with(
                                EventRoutes.SOURCE,
                                MODE,
                                EventRoutes.DRY_RUN,
                                FORMAT,
                                DELIMITER,
                                CHARSET,
                                ZONE,
                                EPOCH_UNIT)
                        .with(DEFAULT_NAME, IDENTITY, MAPPING, UPLOAD_ID, EventRoutes.IDEMPOTENCY_KEY)
                        .events(MEDIA_TYPES)
                        .errors(EventRoutes.REFUSALS)
                        .errors(
                                ErrorCode.INVALID_EVENTS,
                                ErrorCode.STRICT_TOO_LARGE,
                                ErrorCode.UPLOAD_TOO_LARGE,
                                ErrorCode.UPLOAD_RUNNING,
                                ErrorCode.UPLOAD_CANCELLED,
                                ErrorCode.UPLOAD_TIMED_OUT,
                                ErrorCode.UPLOAD_NOT_KEPT)
                        .problemsWith(UploadProblem.class)
                        .answers(Receipt.class, this::upload),
                Route.get("/uploads/{id}", "getUpload", "How far an upload of the caller is, or what became of it.")
                        .needs(Permission.INGEST)
                        .with(ID)
                        .errors(ErrorCode.UNKNOWN_UPLOAD)
                        .answers(UploadStatus.class, this::status),
                Route.delete("/uploads/{id}", "cancelUpload", "Ends an upload of the caller before it reads on.")
                        .needs(Permission.INGEST)
                        .with(ID)
                        .errors(ErrorCode.UNKNOWN_UPLOAD)
                        .answersAccepted(UploadStatus.class, this::cancel));
    }

    private UploadStatus status(Call call) {
        return known(uploads.find(UploadOwner.of(call.scope()), call.known(ID, ErrorCode.UNKNOWN_UPLOAD)));
    }

    private UploadStatus cancel(Call call) {
        return known(uploads.cancel(UploadOwner.of(call.scope()), call.known(ID, ErrorCode.UNKNOWN_UPLOAD)));
    }

    private static UploadStatus known(Optional<UploadStatus> upload) {
        return upload.orElseThrow(
                () -> new SmartDataException(ErrorCode.UNKNOWN_UPLOAD.code(), ErrorCode.UNKNOWN_UPLOAD.meaning()));
    }

    private Receipt upload(Call call) throws IOException {
        IngestOptions options = options(call);
        Ingest ingest = smartData.ingest(call.scope());
        UploadOwner owner = UploadOwner.of(call.scope());
        UUID id = call.get(UPLOAD_ID).orElseGet(UUID::randomUUID);
        Uploads.Ingesting ingesting =
                (input, progress) -> refusable(() -> ingest.input(input, options.withProgress(progress)));
        try {
            return Receipt.of(
                    call.mediaType().equals(MULTIPART)
                            ? multipart(call.servlet(), owner, id, ingesting)
                            : raw(call.servlet(), owner, id, ingesting));
        } catch (PartlyStoredException e) {
            throw new DetailedException(e, new UploadProblem(null, null, Receipt.of(e.receipt())));
        }
    }

    private IngestReceipt raw(HttpServletRequest request, UploadOwner owner, UUID id, Uploads.Ingesting ingesting) {
        long declared = request.getContentLengthLong();
        return uploads.run(owner, id, declared < 0 ? null : declared, request::getInputStream, ingesting);
    }

    private IngestReceipt multipart(HttpServletRequest request, UploadOwner owner, UUID id, Uploads.Ingesting ingesting)
            throws IOException {
        Part part = part(request);
        try {
            return uploads.run(owner, id, part.getSize(), part::getInputStream, ingesting);
        } finally {
            part.delete();
        }
    }

    private static Part part(HttpServletRequest request) {
        List<Part> files = Multipart.parts(request).stream()
                .filter(part -> part.getSubmittedFileName() != null)
                .toList();
        if (files.size() != 1 || !files.get(0).getName().equals(FILE)) {
            throw new SmartDataException(
                    "invalid_request",
                    "The form must have one file, under the name %s. Nothing was stored.".formatted(FILE));
        }
        return files.get(0);
    }

    /** What a refused file could not be stored for, row by row. */
    private static IngestReceipt refusable(Supplier<IngestReceipt> ingest) {
        try {
            return ingest.get();
        } catch (IngestRefusedException e) {
            throw new DetailedException(
                    ErrorCode.INVALID_EVENTS,
                    String.valueOf(e.getMessage()),
                    new UploadProblem(Receipt.Failed.of(e.badRows()), e.badRowCount(), null),
                    e);
        }
    }

    private static IngestOptions options(Call call) {
        return new IngestOptions(
                read(call),
                call.get(MODE, Mode.STRICT),
                call.get(EventRoutes.DRY_RUN, false),
                call.get(EventRoutes.IDEMPOTENCY_KEY).orElse(null),
                progress -> {});
    }

    private static ReadOptions read(Call call) {
        Format said = FORMATS.get(call.mediaType());
        if (said == null) {
            throw new SmartDataException(
                    "unsupported_media_type",
                    "A file is sent as one of %s. Nothing was stored. Its character set goes into the parameter charset."
                            .formatted(String.join(", ", MEDIA_TYPES)));
        }
        ReadOptions read = EventRoutes.read(call.get(EventRoutes.SOURCE, "api"))
                .withFormat(
                        call.get(FORMAT).filter(format -> format != Format.AUTO).orElse(said))
                .withIdentity(call.get(IDENTITY, Identity.AUTO))
                .withZone(call.get(ZONE).orElse(null))
                .withCharset(call.get(CHARSET).orElse(null))
                .withEpochUnit(call.get(EPOCH_UNIT).orElse(null));
        try {
            return read.withDefaultName(call.get(DEFAULT_NAME).orElse(null))
                    .withDelimiter(call.get(DELIMITER).orElse(null))
                    .withMapping(call.get(MAPPING, Map.of()));
        } catch (IllegalArgumentException e) {
            throw new SmartDataException(
                    "invalid_request",
                    "defaultName must be readable, delimiter neither quote nor line break, and mapping map from fields of an event: id, source, name, occurredAt, value, subject, entity, session, schemaVersion, org, properties.",
                    e);
        }
    }

    private static Character delimiter(String text) {
        if (text.equals("tab")) {
            return '\t';
        }
        if (text.length() != 1) {
            throw new IllegalArgumentException("Not one character");
        }
        return text.charAt(0);
    }

    private static Map<String, String> mapping(String text) {
        Map<String, String> mapping = new HashMap<>();
        for (String pair : text.split(",", -1)) {
            int colon = pair.indexOf(':');
            if (colon < 1
                    || colon == pair.length() - 1
                    || mapping.put(pair.substring(0, colon), pair.substring(colon + 1)) != null) {
                throw new IllegalArgumentException("Not a pair, or twice");
            }
        }
        return mapping;
    }
}
