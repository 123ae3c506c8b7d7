package io.smartdata.core.export;

import static java.util.Objects.requireNonNull;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.core.kpi.Generations;
import io.smartdata.event.Event;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Streams stored events out, of one snapshot, in constant memory.
 *
 * @since 0.1.0
 */
public final class Exports {
    private final Storage storage;
    private final Generations generations;
    private final OrgScope scope;

    /**
     * @throws io.smartdata.SmartDataException {@code not_permitted} if the scope was not requested with
     *     {@link Permission#EXPORT}
     */
    public Exports(Storage storage, Generations generations, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.scope = requireNonNull(scope, "scope");
        scope.require(Permission.EXPORT);
    }

    /**
     * Writes events in the order of (UTC day, source, id); the audit log says so before the first byte.
     *
     * @param out stays open
     * @return events written
     * @throws UncheckedIOException if {@code out} fails
     * @throws io.smartdata.SmartDataException {@code unknown_org}
     */
    public long events(EventRange range, EventFormat format, Writer out) {
        generations.existing(scope);
        storage.audit().add(scope, AuditEntry.begun(AuditAction.EXPORT, "events", detail(range, format)));
        return switch (format) {
            case CSV -> csv(range, out);
            case NDJSON -> ndjson(range, out);
        };
    }

    private static Map<String, @Nullable Object> detail(EventRange range, EventFormat format) {
        Map<String, @Nullable Object> detail = new TreeMap<>();
        detail.put("format", format.name().toLowerCase(Locale.ROOT));
        detail.put("from", range.from().toString());
        detail.put("to", range.to().toString());
        detail.put("source", range.source());
        return detail;
    }

    private long ndjson(EventRange range, Writer out) {
        long[] written = {0};
        storage.events().scan(scope, range, stored -> {
            try {
                out.append(EventJson.of(stored.event())).append('\n');
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            written[0]++;
        });
        return written[0];
    }

    private long csv(EventRange range, Writer out) {
        CsvWriter csv = CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out);
        csv.writeRecord(
                "id",
                "source",
                "name",
                "occurredAt",
                "value",
                "subject",
                "entity",
                "session",
                "schemaVersion",
                "properties",
                "receivedAt",
                "receiptId");
        long[] written = {0};
        storage.events().scan(scope, range, stored -> {
            row(csv, stored);
            written[0]++;
        });
        try {
            csv.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return written[0];
    }

    private static void row(CsvWriter csv, StoredEvent stored) {
        Event event = stored.event();
        csv.writeRecord(
                safe(event.id().text()),
                safe(event.source()),
                safe(event.name()),
                event.occurredAt().toString(),
                event.value() == null ? "" : event.value().toPlainString(),
                safe(event.subject()),
                safe(event.entity()),
                safe(event.session()),
                safe(event.schemaVersion()),
                event.properties().isEmpty() ? "" : event.properties().json(),
                stored.receivedAt().toString(),
                stored.receiptId().toString());
    }

    private static String safe(@Nullable String text) {
        return text == null ? "" : FormulaSafe.text(text);
    }
}
