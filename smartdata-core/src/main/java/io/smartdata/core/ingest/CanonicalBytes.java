package io.smartdata.core.ingest;

import io.smartdata.event.Properties;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Collects values in a form in which different values give different bytes (each text with its length before it) and
 * takes their HMAC-SHA256. Not thread-safe.
 */
final class CanonicalBytes {
    private static final byte ABSENT = 0;
    private static final byte TEXT = 1;
    private static final byte NESTED = 2;
    private static final byte[] NO_MEMBERS = {'{', '}'};

    /** What a tag and a length take. */
    private static final int HEAD = 1 + Integer.BYTES;

    private final KeyedHash hash;
    private final byte[] digits = new byte[NumberText.MAX_LONG_DIGITS + "-0.".length()];
    private byte[] bytes = new byte[512];
    private int length;

    CanonicalBytes(byte[] key) {
        this.hash = new KeyedHash(key);
    }

    /** Starts anew; {@code purpose} keeps hashes of different use apart. */
    CanonicalBytes start(char purpose) {
        length = 0;
        room(1);
        bytes[length++] = (byte) purpose;
        return this;
    }

    CanonicalBytes number(long value) {
        room(Long.BYTES);
        for (int shift = 56; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    CanonicalBytes text(@Nullable String text) {
        if (text == null) {
            room(1);
            bytes[length++] = ABSENT;
            return this;
        }
        room(HEAD + text.length());
        int from = length + HEAD;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                return tagged(TEXT, utf8, 0, utf8.length);
            }
            bytes[from + i] = (byte) c;
        }
        head(TEXT, text.length());
        length += text.length();
        return this;
    }

    /** A number as plain decimal text without outer zeros. */
    CanonicalBytes decimal(@Nullable BigDecimal value) {
        if (value == null || !NumberText.fitsLong(value)) {
            return text(value == null ? null : value.stripTrailingZeros().toPlainString());
        }
        int scale = value.scale();
        long rest = value.scaleByPowerOfTen(scale).longValue();
        boolean negative = rest < 0;
        rest = Math.abs(rest);
        while (scale > 0 && rest % 10 == 0) {
            rest /= 10;
            scale--;
        }
        int first = digits.length;
        for (int digit = 0; rest > 0 || digit <= scale; digit++) {
            if (digit == scale && scale > 0) {
                digits[--first] = '.';
            }
            digits[--first] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        if (negative) {
            digits[--first] = '-';
        }
        return tagged(TEXT, digits, first, digits.length);
    }

    /**
     * Properties, in their canonical order. A text, a number and a boolean are what they read as, so {@code 5} of JSON
     * and {@code 5} of CSV are one; a null is as if it were absent.
     */
    CanonicalBytes properties(Properties properties) {
        byte[] json = properties.isEmpty() ? NO_MEMBERS : properties.json().getBytes(StandardCharsets.UTF_8);
        int i = 1;
        while (i < json.length - 1) {
            int nameEnd = endOfString(json, i);
            int valueStart = nameEnd + 1;
            int valueEnd = endOfValue(json, valueStart);
            byte first = json[valueStart];
            if (first != 'n') {
                tagged(TEXT, json, i + 1, nameEnd - 1);
                if (first == '"') {
                    tagged(TEXT, json, valueStart + 1, valueEnd - 1);
                } else {
                    tagged(first == '{' || first == '[' ? NESTED : TEXT, json, valueStart, valueEnd);
                }
            }
            i = valueEnd + 1;
        }
        return text(null);
    }

    /** The HMAC of everything since the start. */
    byte[] hmac() {
        return hash.of(bytes, length);
    }

    private CanonicalBytes tagged(byte tag, byte[] utf8, int from, int to) {
        int size = to - from;
        room(HEAD + size);
        head(tag, size);
        System.arraycopy(utf8, from, bytes, length, size);
        length += size;
        return this;
    }

    private void head(byte tag, int size) {
        bytes[length++] = tag;
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (size >>> shift);
        }
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    /** Bytes of UTF-8 that are not ASCII are never taken for a sign of JSON. */
    private static int endOfString(byte[] json, int quote) {
        int i = quote + 1;
        while (json[i] != '"') {
            i += json[i] == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private static int endOfValue(byte[] json, int from) {
        int depth = 0;
        int i = from;
        while (true) {
            byte c = json[i];
            if (depth == 0 && (c == ',' || c == '}' || c == ']')) {
                return i;
            }
            if (c == '"') {
                i = endOfString(json, i);
                continue;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            i++;
        }
    }
}
