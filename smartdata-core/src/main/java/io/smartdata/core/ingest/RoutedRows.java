package io.smartdata.core.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Those rows of an input that belong to one org, read as if they had been sent alone. */
final class RoutedRows implements EventSource {
    private final EventReader reader;
    private final Iterator<Row> rows;
    private final EventAssembler assembler;

    RoutedRows(EventReader reader, List<Row> rows, EventAssembler assembler) {
        this.reader = reader;
        this.rows = rows.iterator();
        this.assembler = assembler;
    }

    @Override
    public @Nullable ReadEvent next() {
        try {
            return rows.hasNext() ? assembler.assemble(rows.next(), () -> context(assembler.occurrence())) : null;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Map<String, String> detected() {
        Map<String, String> detected = new LinkedHashMap<>(reader.detected());
        detected.put("zone", assembler.zone().getId());
        return detected;
    }

    @Override
    public Identity identity() {
        return assembler.identity();
    }

    @Override
    public String format() {
        return reader.format();
    }

    @Override
    public String context(long occurrence) {
        return reader.context(occurrence, assembler.zone());
    }

    @Override
    public long bytesRead() {
        return reader.bytesRead();
    }

    @Override
    public void close() {
        try {
            assembler.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
