package io.smartdata.core.ingest;

import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;

/**
 * Records of CSV (RFC 4180) with the physical lines they stood on. FastCSV parses; a window over what it has read gives each
 * record back as it was. Records that are blank are passed over.
 */
final class CsvRecords {
    /** Longest record the parser holds; a longer one ends the call, for nothing behind it can be told apart. */
    private static final int MAX_RECORD = 4 * CharSource.MAX_KEPT;
    /** Most cells of a record the parser holds; more end the call too. */
    private static final int MAX_CELLS = 1 << 18;

    private final Window window;
    private final CloseableIterator<CsvRecord> records;
    private List<String> cells = List.of();
    private String text = "";
    private long row;
    private long nextRow;

    CsvRecords(CharSource source, char delimiter) {
        this.window = new Window(source);
        this.nextRow = source.line;
        this.records = CsvReader.builder()
                .fieldSeparator(delimiter)
                .skipEmptyLines(false)
                .allowUnclosedQuote(false)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .maxBufferSize(MAX_RECORD)
                .build(
                        CsvRecordHandler.of(limits -> limits.maxFields(MAX_CELLS)
                                .maxFieldSize(MAX_RECORD)
                                .maxRecordSize(MAX_RECORD)),
                        window)
                .iterator();
    }

    /**
     * Moves to the next record; false at the end of the input.
     *
     * @throws InvalidInputException if no later record can be trusted
     */
    boolean next() throws IOException {
        try {
            while (records.hasNext()) {
                take(records.next().getFields());
                if (!blank(text)) {
                    return true;
                }
            }
            return false;
        } catch (CsvParseException e) {
            throw cause(e);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    /** Nothing but spaces and tabs; a line of an empty quoted cell is a record. */
    private static boolean blank(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) != ' ' && text.charAt(i) != '\t') {
                return false;
            }
        }
        return true;
    }

    private void take(List<String> fields) {
        cells = fields;
        row = nextRow;
        int lines = 1;
        if (window.quotes) { // only a quoted cell holds line breaks
            for (String field : fields) {
                lines += lineBreaks(field);
            }
        }
        nextRow += lines;
        text = window.take(lines);
    }

    /** CR, LF and CRLF end a line, as the parser counts them. */
    private static int lineBreaks(String field) {
        if (field.indexOf('\n') < 0 && field.indexOf('\r') < 0) {
            return 0;
        }
        int breaks = 0;
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            boolean secondHalf = c == '\n' && i > 0 && field.charAt(i - 1) == '\r';
            breaks += (c == '\n' || c == '\r') && !secondHalf ? 1 : 0;
        }
        return breaks;
    }

    private InvalidInputException cause(CsvParseException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidInputException invalid) {
                return invalid;
            }
        }
        return new InvalidInputException(
                "invalid_csv",
                nextRow,
                null,
                ("The record that begins on line %d opens a quote that is never closed, has text behind a closing quote, or is"
                                + " longer than %d characters or %d cells, so no later row can be trusted. Double quotes inside quoted cells.")
                        .formatted(nextRow, MAX_RECORD, MAX_CELLS),
                e);
    }

    /** Line the record starts on. */
    long row() {
        return row;
    }

    /** The cells, unquoted. */
    List<String> cells() {
        return cells;
    }

    /** False if no cell can have a {@link Texts#fault}. */
    boolean mayHaveFaults() {
        return window.faults;
    }

    /** True if the record was too long to be kept whole. */
    boolean cut() {
        return text.length() > CharSource.MAX_KEPT;
    }

    /** The record as it stood in the input, without its last line break; of a cut one the beginning. */
    String text() {
        return cut() ? text.substring(0, CharSource.MAX_KEPT) : text;
    }

    /** Hands the characters on and keeps the lines that were not taken yet. Positions count from the start of the input. */
    private static final class Window extends Reader {
        /** Taken characters that are put up with before the rest is moved to the front. */
        private static final int SLACK = 1 << 16;

        private final CharSource source;
        private final StringBuilder kept = new StringBuilder();
        /** Where the line breaks that were not taken yet end. */
        private final Ends ends = new Ends();

        private long keptFrom;
        private long next;
        private boolean afterReturn;
        /** True once a quote was read. */
        private boolean quotes;
        /** True once a character was read that some text must not hold, or not without another. */
        private boolean faults;

        Window(CharSource source) {
            this.source = source;
        }

        @Override
        public int read(char[] target, int offset, int length) throws IOException {
            source.mark();
            if (source.peek() < 0) {
                return -1;
            }
            int count = Math.min(length, source.end - source.position);
            System.arraycopy(source.chars, source.position, target, offset, count);
            boolean lateFeed = afterReturn && ends.isEmpty() && target[offset] == '\n'; // its line was taken at the CR
            int first = lateFeed ? offset + 1 : offset;
            afterReturn &= !lateFeed;
            dropTaken();
            note(target, first, offset + count);
            kept.append(target, first, offset + count - first);
            source.position += count;
            return count;
        }

        private void dropTaken() {
            if (next - keptFrom > SLACK) {
                kept.delete(0, (int) (next - keptFrom));
                keptFrom = next;
            }
        }

        private void note(char[] target, int from, int to) {
            long shift = keptFrom + kept.length() - from + 1;
            for (int i = from; i < to; i++) {
                char c = target[i];
                if (c > '"') {
                    faults |= Character.isSurrogate(c);
                    afterReturn = false;
                } else {
                    quotes |= c == '"';
                    faults |= c == 0;
                    noteLineBreak(c, shift + i);
                }
            }
        }

        private void noteLineBreak(char c, long end) {
            if (c == '\n' && afterReturn) {
                ends.moveLast(end);
            } else if (c == '\n' || c == '\r') {
                ends.add(end);
                source.line++;
            }
            afterReturn = c == '\r';
        }

        /** The next lines, without the last line break. */
        String take(int lines) {
            int from = (int) (next - keptFrom);
            boolean ended = lines <= ends.size();
            int to = ended ? (int) (ends.get(lines - 1) - keptFrom) : kept.length();
            ends.drop(Math.min(lines, ends.size()));
            next = keptFrom + to;
            return kept.substring(from, ended ? to - lineBreakBefore(to) : to);
        }

        private int lineBreakBefore(int end) {
            return end > 1 && kept.charAt(end - 1) == '\n' && kept.charAt(end - 2) == '\r' ? 2 : 1;
        }

        @Override
        public void close() {
            // the bytes are closed by whoever opened them
        }
    }

    /** Ascending positions, taken from the front. */
    private static final class Ends {
        private long[] positions = new long[256];
        private int first;
        private int end;

        boolean isEmpty() {
            return first == end;
        }

        int size() {
            return end - first;
        }

        long get(int index) {
            return positions[first + index];
        }

        void add(long position) {
            if (end == positions.length) {
                int size = size();
                positions = Arrays.copyOfRange(positions, first, first + Math.max(positions.length, 2 * size));
                first = 0;
                end = size;
            }
            positions[end++] = position;
        }

        void moveLast(long position) {
            positions[end - 1] = position;
        }

        void drop(int count) {
            first += count;
        }
    }
}
