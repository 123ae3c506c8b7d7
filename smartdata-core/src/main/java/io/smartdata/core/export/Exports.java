package io.smartdata.core.export;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.core.kpi.Generations;
import io.smartdata.core.kpi.KpiReader;
import io.smartdata.core.observe.LogEvent;
import io.smartdata.kpi.KpiQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.ExportJob;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Streams stored events and what was made of them out, each of one snapshot. The audit log says so before the first byte.
 *
 * @since 0.1.0
 */
public final class Exports {
    /** Time until an export that was done, or asked for, is removed. */
    static final Duration KEPT = Duration.ofHours(24);

    private static final int MOST_AT_ONCE = 20;

    private final Storage storage;
    private final Generations generations;
    private final OrgScope scope;

    /**
     * @throws SmartDataException {@code not_permitted} if the scope was not requested with
     *     {@link Permission#EXPORT}
     */
    public Exports(Storage storage, Generations generations, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.scope = requireNonNull(scope, "scope");
        scope.require(Permission.EXPORT);
    }

    /**
     * Writes events in the order of (UTC day, source, id), in constant memory.
     *
     * @param out stays open
     * @return events written
     * @throws UncheckedIOException if {@code out} fails
     * @throws SmartDataException {@code unknown_org}
     */
    public long events(EventRange range, ExportFormat format, Writer out) {
        begin("events", detail(range, format));
        return new EventWriter(storage, scope).write(range, format, out);
    }

    /**
     * Writes every point of every KPI that has data, per source, a KPI at a time.
     *
     * @param source one source, or null for all
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @param out stays open
     * @return points written
     * @throws UncheckedIOException if {@code out} fails
     * @throws SmartDataException {@code unknown_org}
     */
    public long kpis(@Nullable String source, LocalDate from, LocalDate to, ExportFormat format, Writer out) {
        begin("kpis", detail(source, from, to, format));
        KpiRows rows = new KpiRows(scope.org(), format, out);
        return storage.kpis().snapshot(scope, snapshot -> {
            KpiReader.all(
                    snapshot,
                    generations.catalog(snapshot),
                    kpi -> KpiQuery.of(kpi).between(from, to).source(source).keepSources(),
                    rows::add);
            return rows.finish();
        });
    }

    /**
     * Writes anomalies found earlier, alerts or not.
     *
     * @param from first local day, inclusive
     * @param to last local day, exclusive
     * @param out stays open
     * @return anomalies written
     * @throws UncheckedIOException if {@code out} fails
     * @throws SmartDataException {@code unknown_org}
     */
    public long anomalies(LocalDate from, LocalDate to, ExportFormat format, Writer out) {
        begin("anomalies", detail(null, from, to, format));
        return AnomalyRows.write(
                scope.org(), storage.results().anomalies(scope, Optional.empty(), from, to), format, out);
    }

    /**
     * Writes the forecasts made last of all KPIs, a row for each step.
     *
     * @param out stays open
     * @return steps written
     * @throws UncheckedIOException if {@code out} fails
     * @throws SmartDataException {@code unknown_org}
     */
    public long forecasts(ExportFormat format, Writer out) {
        begin("forecasts", Map.of("format", format.code()));
        return ForecastRows.write(scope.org(), storage.results().forecasts(scope), format, out);
    }

    private void begin(String what, Map<String, @Nullable Object> detail) {
        generations.existing(scope);
        storage.audit().add(scope, AuditEntry.begun(AuditAction.EXPORT, what, detail));
    }

    /**
     * Asks for an export that runs by itself and is fetched later by the same caller. It is whole or it is nothing, and is
     * kept for 24 hours.
     *
     * @param gzip true if the bytes are to be compressed
     * @throws SmartDataException {@code unknown_org}, {@code too_many_exports}
     */
    public ExportJob request(EventRange range, ExportFormat format, boolean gzip) {
        begin("request", detail(range, format));
        return storage.exports()
                .request(scope, new ExportJob.Request(range, format.code(), gzip), MOST_AT_ONCE, KEPT)
                .orElseThrow(() -> new SmartDataException(
                        "too_many_exports",
                        "This org has %d exports, as many as it may. Nothing was begun. Discard one, or wait until one expires."
                                .formatted(MOST_AT_ONCE)));
    }

    /** Exports that the caller asked for, newest first. */
    public List<ExportJob> requested() {
        return storage.exports().list(scope);
    }

    /**
     * How far an export is.
     *
     * @throws SmartDataException {@code unknown_export} if this caller asked for none of this id in this org, or it expired
     */
    public ExportJob status(UUID id) {
        return storage.exports().find(scope, id).orElseThrow(() -> unknown(id));
    }

    /**
     * Writes the bytes of an export that is done, a chunk at a time. May be repeated until it expires.
     *
     * @param out stays open
     * @return what was written; compare its length and hash if {@code out} passes the bytes on
     * @throws UncheckedIOException if {@code out} fails
     * @throws SmartDataException {@code unknown_export}; {@code export_not_done} while it waits or runs, or if it failed;
     *     {@code export_broken} if it was removed meanwhile or is damaged: then what was written is not the export
     */
    public ExportJob fetch(UUID id, OutputStream out) {
        ExportJob job = status(id);
        ExportJob.Result whole = job.result();
        if (whole == null) {
            throw new SmartDataException(
                    "export_not_done",
                    "The export is %s. Nothing was written. %s"
                            .formatted(
                                    job.status().name().toLowerCase(Locale.ROOT),
                                    job.status() == ExportJob.Status.FAILED
                                            ? "Ask for it again."
                                            : "Fetch it when it is done."));
        }
        storage.audit().add(scope, AuditEntry.begun(AuditAction.EXPORT, id.toString(), Map.of("bytes", whole.bytes())));
        if (!whole.equals(written(id, whole, out))) {
            throw new SmartDataException(
                    "export_broken",
                    "The export was removed while it was read, or its bytes are not those that were stored. "
                            + "What was written is not the export. Ask for it again.");
        }
        LogEvent.EXPORT_FETCHED
                .with("org", scope.org())
                .and("export", id)
                .and("caller", scope.caller().name())
                .and("bytes", whole.bytes())
                .write();
        return job;
    }

    /** What came out, as the result of an export that consists of it. */
    private ExportJob.Result written(UUID id, ExportJob.Result whole, OutputStream out) {
        MessageDigest digest = Sha256.digest();
        long bytes = 0;
        try {
            for (int number = 0; bytes < whole.bytes(); number++) {
                Optional<byte[]> chunk = storage.exports().chunk(scope, id, number);
                if (chunk.isEmpty()) {
                    break;
                }
                out.write(chunk.get());
                digest.update(chunk.get());
                bytes += chunk.get().length;
            }
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ExportJob.Result(whole.rows(), bytes, HexFormat.of().formatHex(digest.digest()));
    }

    /**
     * Removes an export that the caller asked for, also one that runs.
     *
     * @throws SmartDataException {@code unknown_export}
     */
    public void discard(UUID id) {
        if (!storage.exports().discard(scope, id)) {
            throw unknown(id);
        }
    }

    private static SmartDataException unknown(UUID id) {
        return new SmartDataException(
                "unknown_export",
                "There is no export %s of yours here, or it has expired. Nothing was written. Ask for one."
                        .formatted(id));
    }

    private static Map<String, @Nullable Object> detail(EventRange range, ExportFormat format) {
        return detail(range.source(), range.from(), range.to(), format);
    }

    private static Map<String, @Nullable Object> detail(
            @Nullable String source, Object from, Object to, ExportFormat format) {
        Map<String, @Nullable Object> detail = new TreeMap<>();
        detail.put("format", format.code());
        detail.put("from", from.toString());
        detail.put("to", to.toString());
        detail.put("source", source);
        return detail;
    }
}
