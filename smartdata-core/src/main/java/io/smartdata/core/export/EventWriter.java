package io.smartdata.core.export;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.smartdata.event.Event;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.jspecify.annotations.Nullable;

/** Events of one snapshot as text, while they are scanned. */
final class EventWriter {
    private final Storage storage;
    private final OrgScope scope;

    EventWriter(Storage storage, OrgScope scope) {
        this.storage = storage;
        this.scope = scope;
    }

    /**
     * @param out stays open
     * @return events written
     */
    long write(EventRange range, EventFormat format, Writer out) {
        return switch (format) {
            case CSV -> csv(range, out);
            case NDJSON -> ndjson(range, out);
        };
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
