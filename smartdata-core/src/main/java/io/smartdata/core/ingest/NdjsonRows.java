package io.smartdata.core.ingest;

import com.fasterxml.jackson.core.exc.StreamReadException;
import io.smartdata.event.RejectionCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import org.jspecify.annotations.Nullable;

/** Lines of JSON, each decoded and parsed alone, so that a bad one is lost alone. */
final class NdjsonRows implements Rows {
    private final LineScanner lines;
    private final LineParser parser;

    NdjsonRows(ByteSource bytes, LineParser parser) {
        this.lines = new LineScanner(bytes);
        this.parser = parser;
    }

    @Override
    public @Nullable Row next() throws IOException {
        return lines.next() ? parser.parse(lines.line(CharSource.MAX_KEPT), lines.row()) : null;
    }

    /** Reads the bytes of one event. */
    static final class LineParser {
        private final CharsetDecoder decoder;
        private final JsonEvent events;
        private final Limits limits;
        private char[] chars = new char[1024];

        LineParser(Charset charset, JsonEvent events, Limits limits) {
            this.decoder = charset.newDecoder(); // reports what it cannot decode
            this.events = events;
            this.limits = limits;
        }

        Row parse(byte[] line, long number) throws IOException {
            Row row = new Row(number, Original.of(line));
            if (line.length > limits.maxEventBytes()) {
                row.fail(EventValidator.tooLarge(line.length, limits));
                return row;
            }
            try {
                int length = decode(line);
                events.read(chars, 0, length, row);
            } catch (CharacterCodingException e) {
                row.fail(
                        RejectionCode.INVALID_ENCODING,
                        null,
                        "The line is not valid %s. Send UTF-8 or declare the character set."
                                .formatted(decoder.charset()));
            } catch (StreamReadException e) {
                int column = e.getLocation() == null ? 1 : e.getLocation().getColumnNr();
                row.fail(
                        RejectionCode.INVALID_JSON,
                        null,
                        "The line is not JSON at column %d. Send one JSON object per line.".formatted(column));
            }
            return row;
        }

        /** As {@link CharsetDecoder#decode(ByteBuffer)}, into {@link #chars}; gives their number. */
        private int decode(byte[] line) throws CharacterCodingException {
            int most = (int) Math.ceil((double) decoder.maxCharsPerByte() * line.length);
            if (chars.length < most) {
                chars = new char[most];
            }
            CharBuffer out = CharBuffer.wrap(chars);
            decoder.reset();
            CoderResult result = decoder.decode(ByteBuffer.wrap(line), out, true);
            result = result.isUnderflow() ? decoder.flush(out) : result;
            if (!result.isUnderflow()) {
                result.throwException();
            }
            return out.position();
        }
    }
}
