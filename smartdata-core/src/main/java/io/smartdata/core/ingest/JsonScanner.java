package io.smartdata.core.ingest;

import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a JSON document into its elements by brackets and quotes only; each element is parsed by itself, so one bad event
 * cannot take its neighbours with it. The document is an array, an object that is one event, or an object with an array
 * named {@code events}.
 */
final class JsonScanner {
    /** Nesting at which the document is given up; far above any event that is accepted. */
    static final int MAX_NESTING = 10_000;

    private static final String EVENTS = "events";

    private enum State {
        START,
        ARRAY_FIRST,
        ARRAY_NEXT,
        END
    }

    private final CharSource source;
    private State state = State.START;
    private boolean envelope;
    private String envelopeHead = "";
    private String envelopeTail = "";
    private long lineStart;
    private long elements;
    private int length;
    private long elementLine;
    private long elementColumn;

    JsonScanner(CharSource source) {
        this.source = source;
    }

    /** Moves to the next element; false at the end of the document, which is then known to be complete. */
    boolean next() throws IOException {
        return switch (state) {
            case START -> start();
            case ARRAY_FIRST -> {
                skipSpace();
                yield source.peek() == ']' ? endOfArray() : element();
            }
            case ARRAY_NEXT -> {
                skipSpace();
                int c = source.peek();
                if (c == ']') {
                    yield endOfArray();
                }
                expect(',', "a comma or the end of the array");
                skipSpace();
                yield element();
            }
            case END -> false;
        };
    }

    /** Place of the element, from 1. */
    long row() {
        return elements;
    }

    int length() {
        return length;
    }

    boolean cut() {
        return source.cut();
    }

    /** The exact text of the element. */
    String text() {
        return source.text(length);
    }

    /** The envelope without its events, as one JSON object; empty if there is no envelope. Complete after the end. */
    String envelope() {
        return envelope ? envelopeHead + "[]" + (envelopeTail.isEmpty() ? "}" : envelopeTail) : "";
    }

    /** The failure of a document whose element cannot be parsed; position counted from the element's start. */
    InvalidInputException syntaxError(long line, long column, Throwable cause) {
        return line <= 1
                ? malformed("is not JSON", elementLine, elementColumn + column - 1, cause)
                : malformed("is not JSON", elementLine + line - 1, column, cause);
    }

    private boolean start() throws IOException {
        skipSpace();
        source.mark();
        int c = source.peek();
        if (c == '[') {
            source.position++;
            state = State.ARRAY_FIRST;
            return next();
        }
        if (c != '{') {
            throw here(c < 0 ? "ends before anything was said" : "is neither an object nor an array", null);
        }
        return object();
    }

    /** An envelope, if one of its members is named events; else the event itself. */
    private boolean object() throws IOException {
        elementLine = source.line;
        elementColumn = column();
        source.position++;
        skipSpace();
        if (source.peek() == '}') {
            throw here("is an empty object: an event, or a member \"events\" with an array, is expected", null);
        }
        while (true) {
            int keyStart = source.position - source.start;
            string();
            String key = source.cut()
                    ? ""
                    : new String(source.chars, source.start + keyStart, source.position - source.start - keyStart);
            skipSpace();
            expect(':', "a colon");
            skipSpace();
            if (key.equals("\"" + EVENTS + "\"")) {
                return startEnvelope();
            }
            value();
            skipSpace();
            if (source.peek() == '}') {
                break;
            }
            expect(',', "a comma or the end of the object");
            skipSpace();
        }
        source.position++;
        length = source.position - source.start;
        elements = 1;
        state = State.END;
        endOfDocument();
        return true;
    }

    private boolean startEnvelope() throws IOException {
        if (source.peek() != '[') {
            throw here("has a member \"events\" that is not an array", null);
        }
        if (source.cut()) {
            throw here("has an envelope that is too large", null);
        }
        envelope = true;
        envelopeHead = source.text(source.position - source.start);
        source.position++;
        state = State.ARRAY_FIRST;
        return next();
    }

    private boolean element() throws IOException {
        source.mark();
        elementLine = source.line;
        elementColumn = column();
        elements++;
        value();
        length = source.position - source.start;
        state = State.ARRAY_NEXT;
        return true;
    }

    private boolean endOfArray() throws IOException {
        source.position++;
        state = State.END;
        if (envelope) {
            source.mark();
            skipSpace();
            while (source.peek() == ',') {
                source.position++;
                skipSpace();
                string();
                skipSpace();
                expect(':', "a colon");
                skipSpace();
                value();
                skipSpace();
            }
            expect('}', "the end of the object");
            if (source.cut()) {
                throw here("has an envelope that is too large", null);
            }
            envelopeTail = source.text(source.position - source.start);
        }
        endOfDocument();
        return false;
    }

    /** Looks behind the document; a record under the mark stays. */
    private void endOfDocument() throws IOException {
        skipSpace();
        if (source.peek() >= 0) {
            throw here(
                    "goes on behind its end: one document is expected. Declare NDJSON if each line is an event", null);
        }
    }

    private void value() throws IOException {
        int c = source.peek();
        if (c == '"') {
            string();
        } else if (c == '{' || c == '[') {
            brackets();
        } else {
            scalar();
        }
    }

    private void scalar() throws IOException {
        int from = source.position - source.start;
        int c;
        while ((c = source.peek()) > ' '
                && c != ','
                && c != ']'
                && c != '}'
                && c != ':'
                && c != '"'
                && c != '['
                && c != '{') {
            source.position++;
        }
        if (source.position - source.start == from) {
            throw here(c < 0 ? "ends in the middle" : "lacks a value", null);
        }
    }

    private void string() throws IOException {
        if (source.peek() != '"') {
            throw here(source.peek() < 0 ? "ends in the middle" : "has a member without a name in quotes", null);
        }
        source.position++;
        while (true) {
            int c = source.peek();
            if (c < 0) {
                throw here("ends in the middle of a text", null);
            }
            source.position++;
            if (c == '"') {
                return;
            }
            if (c == '\\') {
                if (source.peek() < 0) {
                    throw here("ends in the middle of a text", null);
                }
                source.position++;
            } else if (c == '\n') {
                newLine();
            }
        }
    }

    private void brackets() throws IOException {
        BitSet objects = new BitSet();
        int depth = 0;
        while (true) {
            int c = source.peek();
            if (c < 0) {
                throw here("ends in the middle", null);
            }
            if (c == '"') {
                string();
                continue;
            }
            source.position++;
            if (c == '{' || c == '[') {
                if (depth == MAX_NESTING) {
                    throw new InvalidInputException(
                            "too_deep",
                            elements,
                            null,
                            "Event %d is nested deeper than %d levels. Nothing behind it was read. Flatten it."
                                    .formatted(elements, MAX_NESTING),
                            null);
                }
                objects.set(depth++, c == '{');
            } else if (c == '}' || c == ']') {
                depth--;
                if (objects.get(depth) != (c == '}')) {
                    throw here("closes a bracket of the other kind", null);
                }
                if (depth == 0) {
                    return;
                }
            } else if (c == '\n') {
                newLine();
            }
        }
    }

    private void skipSpace() throws IOException {
        while (true) {
            int c = source.peek();
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
                return;
            }
            source.position++;
            if (c == '\n') {
                newLine();
            }
        }
    }

    private void expect(char wanted, String what) throws IOException {
        int c = source.peek();
        if (c != wanted) {
            throw here(c < 0 ? "ends in the middle" : "lacks " + what, null);
        }
        source.position++;
    }

    private void newLine() {
        source.line++;
        lineStart = source.offset();
    }

    private long column() {
        return source.offset() - lineStart + 1;
    }

    private InvalidInputException here(String how, @Nullable Throwable cause) {
        return malformed(how, source.line, column(), cause);
    }

    private InvalidInputException malformed(String how, long line, long column, @Nullable Throwable cause) {
        return new InvalidInputException(
                "invalid_json",
                elements,
                null,
                "The JSON document %s, at line %d, column %d (event %d). It cannot be trusted as a whole. Correct it and send it again."
                        .formatted(how, line, column, Math.max(elements, 1)),
                cause);
    }
}
