package io.smartdata.core.ingest;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What the first bytes of an input say it is. What they do not say is not guessed.
 *
 * @param format never {@link Format#AUTO}
 * @param charset declared, else UTF-8
 */
record Detection(Format format, Charset charset) {
    private static final byte[][] FOREIGN = {
        {'P', 'K', 3, 4},
        {'P', 'K', 5, 6},
        {0x1f, (byte) 0x8b},
        {'B', 'Z', 'h'},
        {(byte) 0xfd, '7', 'z', 'X', 'Z'},
        {'7', 'z', (byte) 0xbc, (byte) 0xaf},
        {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd},
        {'P', 'A', 'R', '1'},
        {'%', 'P', 'D', 'F'},
        {'S', 'Q', 'L', 'i', 't', 'e', ' ', 'f'},
        {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0}
    };

    private static final byte[] UTF8_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};
    private static final byte[] UTF16_BE_MARK = {(byte) 0xfe, (byte) 0xff};
    private static final byte[] UTF16_LE_MARK = {(byte) 0xff, (byte) 0xfe};

    /** Looks at the prefix and skips a byte order mark. */
    static Detection of(ByteSource bytes, ReadOptions options) {
        byte[] prefix = bytes.prefix();
        int length = bytes.prefixLength();
        if (length == 0) {
            throw empty();
        }
        for (byte[] magic : FOREIGN) {
            if (startsWith(prefix, length, magic)) {
                throw unsupported("an archive, a document or a table of another format");
            }
        }
        Charset charset = options.charset() != null ? options.charset() : StandardCharsets.UTF_8;
        if (!charset.canEncode()) {
            throw unsupported("text in " + charset.name() + ", which Java reads but cannot write back");
        }
        int mark = skipMark(bytes, options.charset());
        String head =
                new String(prefix, mark, length - mark, asciiLike(charset) ? StandardCharsets.ISO_8859_1 : charset);
        return new Detection(options.format() == Format.AUTO ? format(head) : options.format(), charset);
    }

    /** True if NDJSON can be split at bytes. */
    static boolean asciiLike(Charset charset) {
        return charset.canEncode() && "\n{".getBytes(charset).length == 2;
    }

    private static int skipMark(ByteSource bytes, @Nullable Charset declared) {
        byte[] prefix = bytes.prefix();
        int length = bytes.prefixLength();
        int mark = 0;
        if (startsWith(prefix, length, UTF8_MARK)) {
            mark = declared == null || declared.equals(StandardCharsets.UTF_8) ? 3 : 0;
        } else if (startsWith(prefix, length, UTF16_BE_MARK) || startsWith(prefix, length, UTF16_LE_MARK)) {
            if (declared == null) {
                throw new InvalidInputException(
                        "invalid_encoding",
                        1,
                        null,
                        "The input starts like UTF-16. Nothing was read. Save it as UTF-8 or declare the character set (option charset).",
                        null);
            }
            mark = declared.equals(StandardCharsets.UTF_16LE) || declared.equals(StandardCharsets.UTF_16BE) ? 2 : 0;
        }
        bytes.skip(mark);
        return mark;
    }

    private static Format format(String head) {
        int first = 0;
        while (first < head.length() && isSpace(head.charAt(first))) {
            first++;
        }
        if (first == head.length()) {
            if (first < 1024) {
                throw empty();
            }
            throw unsupported("nothing but blanks at its start");
        }
        char c = head.charAt(first);
        if (c == 0 || head.startsWith("\0", first + 1)) {
            throw unsupported("binary data, or text in a character set that must be declared (option charset)");
        }
        if (c == '{') {
            return secondLineIsObject(head, first) ? Format.NDJSON : Format.JSON;
        }
        if (c == '[') {
            return Format.JSON;
        }
        if (c == '<') {
            throw unsupported("XML or HTML");
        }
        return Format.CSV;
    }

    /** True if a whole object stands on one line and another begins on a later one. */
    private static boolean secondLineIsObject(String head, int first) {
        int depth = 0;
        boolean quoted = false;
        int i = first;
        while (i < head.length()) {
            char c = head.charAt(i++);
            if (c == '\n') {
                return false;
            }
            if (quoted) {
                i += c == '\\' ? 1 : 0;
                quoted = c != '"';
            } else if (c == '"') {
                quoted = true;
            } else if (c == '{') {
                depth++;
            } else if (c == '}' && --depth == 0) {
                break;
            }
        }
        boolean newLine = false;
        while (i < head.length() && isSpace(head.charAt(i))) {
            newLine |= head.charAt(i++) == '\n';
        }
        return newLine && i < head.length() && head.charAt(i) == '{';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    private static boolean startsWith(byte[] bytes, int length, byte[] magic) {
        for (int i = 0; i < magic.length; i++) {
            if (i >= length || bytes[i] != magic[i]) {
                return false;
            }
        }
        return true;
    }

    private static InvalidInputException empty() {
        return new InvalidInputException(
                "empty_input", 0, null, "The input is empty. Nothing was read. Send at least one event.", null);
    }

    static InvalidInputException unsupported(String what) {
        return new InvalidInputException(
                "unsupported_media_type",
                0,
                null,
                "The input holds %s. Nothing was read. Send CSV, JSON or NDJSON, plain or as gzip.".formatted(what),
                null);
    }
}
