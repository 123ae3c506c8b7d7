package io.smartdata.core.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Splits CSV (RFC 4180) into records and cells. Lines end with CR, LF or CRLF; a quote opens a cell only as its first
 * character; lines of nothing but spaces and tabs are skipped.
 *
 * <p>Written here and not taken from a library because a record must be given back byte for byte, with the physical line
 * it starts on, and a record of any length must not fill the memory.
 */
final class CsvScanner {
    private final CharSource source;
    private final char delimiter;
    private int[] bounds = new int[64];
    private int cells;
    private int length;
    private long row;

    CsvScanner(CharSource source, char delimiter) {
        this.source = source;
        this.delimiter = delimiter;
    }

    /**
     * Tells comma from tab by the first record that is not blank.
     *
     * @throws InvalidInputException if neither is there but another usual delimiter, or if both are
     */
    static char detectDelimiter(CharSource source) throws IOException {
        CsvScanner lines = new CsvScanner(source, '\0');
        lines.skipBlankLines();
        source.mark();
        long commas = 0;
        long tabs = 0;
        int other = -1;
        boolean quoted = false;
        int c;
        int seen = 0;
        while (seen < CharSource.MAX_KEPT && (c = source.peek()) >= 0 && (quoted || (c != '\n' && c != '\r'))) {
            quoted ^= c == '"';
            if (!quoted) {
                commas += c == ',' ? 1 : 0;
                tabs += c == '\t' ? 1 : 0;
                other = other < 0 && (c == ';' || c == '|') ? c : other;
            }
            source.position++;
            seen++;
        }
        source.position = source.start;
        if (commas > 0 && tabs > 0) {
            throw ambiguous("both commas and tabs");
        }
        if (commas == 0 && tabs == 0 && other >= 0) {
            throw ambiguous("\"" + (char) other + "\" and neither comma nor tab");
        }
        return tabs > 0 ? '\t' : ',';
    }

    private static InvalidInputException ambiguous(String what) {
        return new InvalidInputException(
                "invalid_csv",
                1,
                null,
                "The header has %s between its names. Delimiters are not guessed, since such files often write decimals with a comma. Nothing was read. Declare the delimiter (option delimiter)."
                        .formatted(what),
                null);
    }

    /** Moves to the next record; false at the end of the input. */
    boolean next() throws IOException {
        if (!skipBlankLines()) {
            return false;
        }
        source.mark();
        row = source.line;
        cells = 0;
        while (cell()) {
            source.position++;
        }
        length = source.position - source.start;
        lineBreak();
        return true;
    }

    /** Line the record starts on. */
    long row() {
        return row;
    }

    int cells() {
        return cells;
    }

    /** True if the record was too long to be kept; its cells are then not to be had. */
    boolean cut() {
        return source.cut();
    }

    /** The record without its last line break. */
    String text() {
        return source.text(length);
    }

    /** A cell, unquoted. */
    String cell(int index) {
        int from = source.start + bounds[2 * index];
        int to = source.start + bounds[2 * index + 1];
        if (from == to || source.chars[from] != '"') {
            return new String(source.chars, from, to - from);
        }
        String text = new String(source.chars, from + 1, to - from - 2);
        return text.indexOf('"') < 0 ? text : text.replace("\"\"", "\"");
    }

    List<String> allCells() {
        List<String> all = new ArrayList<>(cells);
        for (int i = 0; i < cells; i++) {
            all.add(cell(i));
        }
        return all;
    }

    /** Reads one cell; true if a delimiter follows. */
    private boolean cell() throws IOException {
        int from = source.position - source.start;
        int c = source.peek();
        if (c == '"') {
            quoted();
            c = source.peek();
            if (c >= 0 && c != delimiter && c != '\n' && c != '\r') {
                throw broken("has text behind a closing quote", "Double quotes inside quoted cells.", source.line);
            }
        } else {
            c = unquoted();
        }
        addCell(from, source.position - source.start);
        return c == delimiter;
    }

    private int unquoted() throws IOException {
        char[] chars = source.chars;
        int i = source.position;
        int end = source.end;
        while (true) {
            while (i < end) {
                char c = chars[i];
                if (c == delimiter || c == '\n' || c == '\r') {
                    source.position = i;
                    return c;
                }
                i++;
            }
            source.position = i;
            if (!source.fill()) {
                return -1;
            }
            chars = source.chars;
            i = source.position;
            end = source.end;
        }
    }

    private void quoted() throws IOException {
        source.position++;
        while (true) {
            int c = source.peek();
            if (c < 0) {
                throw broken("opens a quote that is never closed", "Close it.", row);
            }
            if (c == '\n' || c == '\r') {
                lineBreak();
                continue;
            }
            source.position++;
            if (c == '"') {
                if (source.peek() != '"') {
                    return;
                }
                source.position++;
            }
        }
    }

    private void addCell(int from, int to) {
        if (source.cut()) {
            return;
        }
        if (2 * cells == bounds.length) {
            bounds = Arrays.copyOf(bounds, bounds.length * 2);
        }
        bounds[2 * cells] = from;
        bounds[2 * cells + 1] = to;
        cells++;
    }

    private void lineBreak() throws IOException {
        int c = source.peek();
        if (c == '\r' || c == '\n') {
            source.position++;
            if (c == '\r' && source.peek() == '\n') {
                source.position++;
            }
            source.line++;
        }
    }

    private boolean skipBlankLines() throws IOException {
        while (true) {
            source.mark();
            int c;
            while ((c = source.peek()) == ' ' || c == '\t') {
                source.position++;
                if (source.position - source.start > CharSource.MAX_KEPT / 2) {
                    source.position = source.start;
                    return true;
                }
            }
            if (c == '\n' || c == '\r') {
                lineBreak();
            } else {
                source.position = source.start;
                return c >= 0;
            }
        }
    }

    private InvalidInputException broken(String how, String remedy, long line) {
        return new InvalidInputException(
                "invalid_csv",
                line,
                null,
                "Line %d %s, so no later row can be trusted. %s".formatted(line, how, remedy),
                null);
    }
}
