package io.smartdata.spring.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.export.ExportFormat;
import io.smartdata.core.export.Exports;
import io.smartdata.kpi.CellRange;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Parameter;
import io.smartdata.spring.web.route.Route;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.ExportJob;
import io.smartdata.tenancy.Permission;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** What an org takes out: at once, while it is read, or by a job that is fetched later. */
final class ExportRoutes implements RouteGroup {
    private static final Parameter<String> SOURCE = Parameter.text("source", "Only of this source.");
    private static final Parameter<Instant> FROM = Parameter.moment("from", "Earliest time of an event, inclusive.");
    private static final Parameter<Instant> TO = Parameter.moment("to", "Latest time of an event, exclusive.");
    private static final Parameter<ExportFormat> FORMAT =
            Parameter.choice("format", "Of the rows.", ExportFormat.class).standard("csv");
    private static final Parameter<Boolean> GZIP = Parameter.flag(
            "gzip", "Answers with a compressed file; without it the transfer is, if the client accepts that.");
    private static final Parameter<UUID> EXPORT =
            Parameter.id("id", "Id of an export.").inPath();

    private static final String GZIP_FILE = "application/gzip";
    private static final List<String> FILES = List.of("text/csv", "application/x-ndjson", GZIP_FILE);

    /** Each holds a connection to the database for as long as its client reads. */
    private static final int MOST_AT_ONCE = 4;

    private final SmartData smartData;
    private final Workbench downloads = new Workbench(MOST_AT_ONCE);

    ExportRoutes(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** Events to export. */
    record EventsToExport(
            @About("Only events of this source.") @Nullable String source,

            @About("Earliest time of an event, inclusive.") @Nullable
            Instant from,

            @About("Latest time of an event, exclusive.") @Nullable
            Instant to,

            @About("Unless given, csv.") @Nullable ExportFormat format,

            @About("Whether the file is compressed.") @Nullable
            Boolean gzip) {}

    /** How far an export is. */
    record KnownExport(
            UUID id,
            ExportJob.Status status,
            @About("Null for all.") @Nullable String source,

            Instant from,
            @About("Exclusive.") Instant to,
            ExportFormat format,
            boolean gzip,
            Instant requestedAt,

            @About("When it was done or given up.") @Nullable
            Instant finishedAt,

            @About("From then on it is unknown.") Instant expiresAt,

            @About("Of an export that is done.") @Nullable Content content,

            @About("Why the last attempt broke off; null if none did.") @Nullable
            String errorCode) {

        /** What was made; compare what was fetched. */
        record Content(
                long rows,
                long bytes,

                @About("Of the bytes, in hexadecimal digits.")
                String sha256) {}

        static KnownExport of(ExportJob job) {
            ExportJob.Result result = job.result();
            return new KnownExport(
                    job.id(),
                    job.status(),
                    job.request().range().source(),
                    job.request().range().from(),
                    job.request().range().to(),
                    ExportFormat.ofCode(job.request().format()),
                    job.request().gzip(),
                    job.requestedAt(),
                    job.finishedAt(),
                    job.expiresAt(),
                    result == null ? null : new Content(result.rows(), result.bytes(), result.sha256()),
                    job.errorCode());
        }
    }

    /** Those that the caller asked for. */
    record ExportList(
            @About("The newest first; there are never more than some dozens.")
            List<KnownExport> exports) {}

    @Override
    public List<Route> routes() {
        return List.of(
                export("/export/events", "exportEvents", "Streams stored events.")
                        .offers("Exports.events")
                        .with(SOURCE, FROM, TO, FORMAT, GZIP)
                        .streams(FILES, this::events),
                export("/export/kpis", "exportKpis", "Streams every point of every KPI with data, by source.")
                        .offers("Exports.kpis")
                        .with(SOURCE, Days.FROM, Days.TO, FORMAT, GZIP)
                        .streams(FILES, this::kpis),
                export("/export/anomalies", "exportAnomalies", "Streams anomalies that were found, alerts or not.")
                        .offers("Exports.anomalies")
                        .with(Days.FROM, Days.TO, FORMAT, GZIP)
                        .streams(FILES, this::anomalies),
                export("/export/forecasts", "exportForecasts", "Streams the forecasts made last, a row a step.")
                        .offers("Exports.forecasts")
                        .with(FORMAT, GZIP)
                        .streams(FILES, this::forecasts),
                Route.post("/exports", "requestExport", "Asks for an export of events that runs by itself.")
                        .needs(Permission.EXPORT)
                        .offers("Exports.request")
                        .body(EventsToExport.class)
                        .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.TOO_MANY_EXPORTS)
                        .answersAccepted(KnownExport.class, this::request),
                Route.get("/exports", "listExports", "Exports that the caller asked for; kept for a day.")
                        .needs(Permission.EXPORT)
                        .offers("Exports.requested")
                        .answers(ExportList.class, this::list),
                Route.get("/exports/{id}", "getExport", "How far an export is.")
                        .needs(Permission.EXPORT)
                        .offers("Exports.status")
                        .with(EXPORT)
                        .errors(ErrorCode.UNKNOWN_EXPORT)
                        .answers(KnownExport.class, this::status),
                Route.get("/exports/{id}/content", "fetchExport", "The file of an export that is done.")
                        .needs(Permission.EXPORT)
                        .offers("Exports.fetch")
                        .with(EXPORT)
                        .errors(
                                ErrorCode.UNKNOWN_EXPORT,
                                ErrorCode.EXPORT_NOT_DONE,
                                ErrorCode.EXPORT_BROKEN,
                                ErrorCode.THROTTLED)
                        .streams(FILES, this::fetch),
                Route.delete("/exports/{id}", "discardExport", "Removes an export, also one that runs.")
                        .needs(Permission.EXPORT)
                        .offers("Exports.discard")
                        .with(EXPORT)
                        .errors(ErrorCode.UNKNOWN_EXPORT)
                        .answersNothing(this::discard));
    }

    private static Route.Builder export(String path, String id, String summary) {
        return Route.get(path, id, summary).needs(Permission.EXPORT).errors(ErrorCode.UNKNOWN_ORG, ErrorCode.THROTTLED);
    }

    private Exports exports(Call call) {
        return smartData.exports(call.scope());
    }

    /** Writes rows of an export. */
    @FunctionalInterface
    private interface Rows {
        void write(ExportFormat format, Writer out);
    }

    private Route.Download download(Call call, String name, Rows rows) {
        ExportFormat format = call.get(FORMAT, ExportFormat.CSV);
        boolean gzip = call.get(GZIP, false);
        return new Route.Download(
                mediaType(format, gzip),
                fileName(name, format, gzip),
                limited(out -> write(gzip ? new GZIPOutputStream(out) : out, writer -> rows.write(format, writer))));
    }

    private Route.Content limited(Route.Content content) {
        return out -> downloads.use(() -> {
            try {
                content.writeTo(out);
                return out;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    /** Text for all of an output; it is not closed, since it is not ours. */
    private static void write(OutputStream out, Consumer<Writer> rows) throws IOException {
        Writer writer = new BufferedWriter(new OutputStreamWriter(out, UTF_8));
        rows.accept(writer);
        writer.flush();
        if (out instanceof GZIPOutputStream file) {
            file.finish();
        }
    }

    private static String mediaType(ExportFormat format, boolean gzip) {
        return gzip
                ? GZIP_FILE
                : switch (format) {
                    case CSV -> "text/csv;charset=UTF-8";
                    case NDJSON -> "application/x-ndjson";
                };
    }

    private static String fileName(String name, ExportFormat format, boolean gzip) {
        return name + "." + format.code() + (gzip ? ".gz" : "");
    }

    private Route.Download events(Call call) {
        EventRange range = range(
                call.get(SOURCE).orElse(null),
                call.get(FROM).orElse(null),
                call.get(TO).orElse(null));
        Exports exports = exports(call);
        return download(call, "events", (format, out) -> exports.events(range, format, out));
    }

    private static EventRange range(@Nullable String source, @Nullable Instant from, @Nullable Instant to) {
        EventRange all = EventRange.all();
        Instant first = from == null ? all.from() : from;
        Instant end = to == null ? all.to() : to;
        if (!first.isBefore(end) || first.isBefore(all.from()) || end.isAfter(all.to())) {
            throw new SmartDataException(
                    "invalid_request", "to must be after from, and both between 1970 and 9999. Nothing was exported.");
        }
        return new EventRange(source, first, end);
    }

    private Route.Download kpis(Call call) {
        Days days = days(call);
        String source = call.get(SOURCE).orElse(null);
        Exports exports = exports(call);
        return download(call, "kpis", (format, out) -> exports.kpis(source, days.from(), days.to(), format, out));
    }

    private static Days days(Call call) {
        LocalDate from = call.get(Days.FROM, CellRange.FIRST_DAY);
        LocalDate to = call.get(Days.TO, CellRange.END);
        return new Days(from, to);
    }

    private Route.Download anomalies(Call call) {
        Days days = days(call);
        Exports exports = exports(call);
        return download(call, "anomalies", (format, out) -> exports.anomalies(days.from(), days.to(), format, out));
    }

    private Route.Download forecasts(Call call) {
        Exports exports = exports(call);
        return download(call, "forecasts", exports::forecasts);
    }

    private KnownExport request(Call call) {
        EventsToExport asked = call.body(EventsToExport.class);
        return KnownExport.of(exports(call)
                .request(
                        range(asked.source(), asked.from(), asked.to()),
                        asked.format() == null ? ExportFormat.CSV : asked.format(),
                        Boolean.TRUE.equals(asked.gzip())));
    }

    private ExportList list(Call call) {
        return new ExportList(
                exports(call).requested().stream().map(KnownExport::of).toList());
    }

    private KnownExport status(Call call) {
        return KnownExport.of(exports(call).status(id(call)));
    }

    private static UUID id(Call call) {
        return call.known(EXPORT, ErrorCode.UNKNOWN_EXPORT);
    }

    private Route.Download fetch(Call call) {
        UUID id = id(call);
        Exports exports = exports(call);
        ExportJob.Request request = exports.status(id).request();
        ExportFormat format = ExportFormat.ofCode(request.format());
        return new Route.Download(
                mediaType(format, request.gzip()),
                fileName("events", format, request.gzip()),
                limited(out -> exports.fetch(id, out)));
    }

    private void discard(Call call) {
        exports(call).discard(id(call));
    }
}
