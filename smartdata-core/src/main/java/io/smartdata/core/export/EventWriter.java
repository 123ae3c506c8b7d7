package io.smartdata.core.export;

import io.smartdata.core.export.RowWriter.Column;
import io.smartdata.event.Event;
import io.smartdata.event.StoredEvent;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgScope;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;

/** Events of one snapshot as text, while they are scanned. */
final class EventWriter {
    private static final List<Column> COLUMNS = List.of(
            Column.text("id"),
            Column.text("source"),
            Column.text("name"),
            Column.plain("occurredAt"),
            Column.plain("value"),
            Column.text("subject"),
            Column.text("entity"),
            Column.text("session"),
            Column.text("schemaVersion"),
            Column.plain("properties"),
            Column.plain("receivedAt"),
            Column.plain("receiptId"));

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
    long write(EventRange range, ExportFormat format, Writer out) {
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
        RowWriter rows = new RowWriter(COLUMNS, ExportFormat.CSV, out);
        storage.events().scan(scope, range, stored -> row(rows, stored));
        return rows.finish();
    }

    private static void row(RowWriter rows, StoredEvent stored) {
        Event event = stored.event();
        rows.row(
                event.id().text(),
                event.source(),
                event.name(),
                event.occurredAt().toString(),
                event.value() == null ? null : event.value().toPlainString(),
                event.subject(),
                event.entity(),
                event.session(),
                event.schemaVersion(),
                event.properties().isEmpty() ? null : event.properties().json(),
                stored.receivedAt().toString(),
                stored.receiptId().toString());
    }
}
