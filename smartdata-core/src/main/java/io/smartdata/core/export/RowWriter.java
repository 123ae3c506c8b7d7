package io.smartdata.core.export;

import static java.util.Objects.requireNonNull;

import de.siegmar.fastcsv.writer.CsvWriter;
import de.siegmar.fastcsv.writer.LineDelimiter;
import io.smartdata.event.Properties;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of text under named columns, written while they come. In JSON every member is text too, so that no reader rounds a
 * figure; what is not there is an empty cell.
 */
final class RowWriter {
    private final List<Column> columns;
    private final Writer out;
    private final @Nullable CsvWriter csv;
    private long rows;

    /**
     * A column.
     *
     * @param name in the header, or of the member
     * @param runnable true if it holds text that a spreadsheet might run as a formula
     */
    record Column(String name, boolean runnable) {
        Column {
            requireNonNull(name, "name");
        }

        /** Text that somebody else wrote. */
        static Column text(String name) {
            return new Column(name, true);
        }

        /** Figures, times, ids and words of our own: a negative number stays one. */
        static Column plain(String name) {
            return new Column(name, false);
        }
    }

    /** @param out stays open */
    RowWriter(List<Column> columns, ExportFormat format, Writer out) {
        this.columns = columns;
        this.out = out;
        this.csv = format == ExportFormat.CSV
                ? CsvWriter.builder().lineDelimiter(LineDelimiter.LF).build(out)
                : null;
        if (csv != null) {
            csv.writeRecord(columns.stream().map(Column::name).toList());
        }
    }

    /**
     * @param cells in column order; null for what is not there
     * @throws UncheckedIOException if the writer fails
     */
    void row(@Nullable String... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException("A row needs %d cells, was %d".formatted(columns.size(), cells.length));
        }
        if (csv != null) {
            line(csv, cells);
        } else {
            object(cells);
        }
        rows++;
    }

    private void line(CsvWriter line, @Nullable String[] cells) {
        for (int i = 0; i < cells.length; i++) {
            String cell = cells[i] == null ? "" : cells[i];
            cells[i] = columns.get(i).runnable() ? FormulaSafe.text(cell) : cell;
        }
        line.writeRecord(cells);
    }

    private void object(@Nullable String[] cells) {
        StringBuilder line = new StringBuilder(200);
        for (int i = 0; i < cells.length; i++) {
            line.append(i == 0 ? "{" : ",");
            Properties.appendQuoted(line, columns.get(i).name());
            line.append(':');
            Properties.appendQuoted(line, cells[i] == null ? "" : cells[i]);
        }
        try {
            out.append(line.append("}\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Hands on what is still buffered, and says how many rows there were. */
    long finish() {
        if (csv != null) {
            try {
                csv.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return rows;
    }
}
