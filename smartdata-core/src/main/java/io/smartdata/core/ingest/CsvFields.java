package io.smartdata.core.ingest;

import io.smartdata.event.RejectionCode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Cells of one CSV row under the header it stood under. */
final class CsvFields extends PayloadFields {
    private final Payload original;
    private final char delimiter;

    CsvFields(Payload payload) throws UntransformableException {
        this.original = payload;
        Character declared = payload.context().options().delimiter();
        this.delimiter = declared == null ? ',' : declared;
        List<String> header = payload.context().header();
        List<String> cells = cells();
        if (cells.size() != header.size()) {
            throw notOneRow(null);
        }
        for (int i = 0; i < cells.size(); i++) {
            add(header.get(i), cells.get(i));
        }
    }

    private List<String> cells() throws UntransformableException {
        try (ByteSource bytes = ByteSource.plain(() -> new ByteArrayInputStream(original.bytes()))) {
            CsvRecords records = new CsvRecords(new CharSource(bytes, original.charset()), delimiter);
            if (!records.next()) {
                throw notOneRow(null);
            }
            List<String> cells = List.copyOf(records.cells());
            if (records.next()) {
                throw notOneRow(null);
            }
            return cells;
        } catch (IOException | InvalidInputException e) {
            throw notOneRow(e);
        }
    }

    private static UntransformableException notOneRow(@Nullable Exception cause) {
        return new UntransformableException(
                RejectionCode.INVALID_CSV,
                null,
                "The payload is not one row with as many cells as its header, so it cannot be transformed. Give an edited payload.",
                cause);
    }

    @Override
    String ofText(String text) {
        return text;
    }

    @Override
    String ofScalar(String number) {
        return number;
    }

    @Override
    String scalar(String value) {
        return value;
    }

    @Override
    boolean absent(String value) {
        return value.isEmpty();
    }

    @Override
    Payload payload() throws UntransformableException {
        StringJoiner row = new StringJoiner(String.valueOf(delimiter));
        fields().values().forEach(cell -> row.add(quoted(cell)));
        return original.with(row.toString(), original.context().withHeader(List.copyOf(fields().keySet())));
    }

    /** Without quotes a row of one blank cell would be passed over. */
    private String quoted(String cell) {
        boolean plain =
                !cell.isBlank() && cell.chars().noneMatch(c -> c == delimiter || c == '"' || c == '\r' || c == '\n');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}
