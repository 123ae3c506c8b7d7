package io.smartdata.core.ingest;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.exc.StreamReadException;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Events of one JSON document. What is not JSON fails the document; what is no good event fails alone. */
final class JsonRows implements Rows {
    private final CharSource source;
    private final JsonScanner scanner;
    private final JsonEvent events;
    private final Limits limits;
    private final EnvelopeCheck envelopeCheck;

    /** Looks at the members of an envelope beside its events; throws if they forbid reading it. */
    @FunctionalInterface
    interface EnvelopeCheck {
        void check(Row envelope);
    }

    JsonRows(CharSource source, JsonEvent events, Limits limits, EnvelopeCheck envelopeCheck) {
        this.source = source;
        this.scanner = new JsonScanner(source);
        this.events = events;
        this.limits = limits;
        this.envelopeCheck = envelopeCheck;
    }

    @Override
    public @Nullable Row next() throws IOException {
        if (!scanner.next()) {
            checkEnvelope();
            return null;
        }
        if (scanner.row() == 1) {
            checkEnvelope();
        }
        String text = scanner.text();
        Row row = new Row(scanner.row(), source.original(text));
        if (scanner.cut() || source.takesMore(text, limits.maxEventBytes())) {
            row.fail(EventValidator.tooLarge(row.original.bytes().length, limits));
            return row;
        }
        try {
            events.read(source.chars, source.start, scanner.length(), row);
        } catch (StreamReadException e) {
            JsonLocation at = e.getLocation();
            throw scanner.syntaxError(at == null ? 1 : at.getLineNr(), at == null ? 1 : at.getColumnNr(), e);
        }
        return row;
    }

    private void checkEnvelope() throws IOException {
        String json = scanner.envelope();
        if (json.isEmpty()) {
            return;
        }
        Row envelope = new Row(0, Original.of(new byte[0]));
        try {
            new JsonEvent(new FieldMapping(Map.of(), true), limits)
                    .read(json.toCharArray(), 0, json.length(), envelope);
        } catch (StreamReadException e) {
            throw scanner.syntaxError(1, 1, e);
        }
        if (envelope.fault() != null) {
            throw new InvalidInputException(
                    envelope.fault().code().code(),
                    0,
                    envelope.fault().field(),
                    "The object around the events is not valid. "
                            + envelope.fault().message(),
                    null);
        }
        envelopeCheck.check(envelope);
    }
}
