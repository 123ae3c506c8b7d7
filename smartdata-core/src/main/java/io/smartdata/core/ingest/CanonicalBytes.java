package io.smartdata.core.ingest;

import io.smartdata.event.Properties;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Collects values in a form in which different values give different bytes (each text with its length before it) and
 * takes their HMAC-SHA256. Not thread-safe.
 */
final class CanonicalBytes {
    private static final byte ABSENT = 0;
    private static final byte TEXT = 1;
    private static final byte NESTED = 2;

    private final Mac mac;
    private byte[] bytes = new byte[512];
    private int length;

    CanonicalBytes(byte[] key) {
        try {
            this.mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        } catch (InvalidKeyException e) {
            throw new IllegalArgumentException("Not a key for HMAC", e);
        }
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
        return tagged(TEXT, text);
    }

    /**
     * Properties, in their canonical order. A text, a number and a boolean are what they read as, so {@code 5} of JSON
     * and {@code 5} of CSV are one; a null is as if it were absent.
     */
    CanonicalBytes properties(Properties properties) {
        String json = properties.json();
        int i = 1;
        while (i < json.length() - 1) {
            int nameEnd = endOfString(json, i);
            int valueStart = nameEnd + 1;
            int valueEnd = endOfValue(json, valueStart);
            char first = json.charAt(valueStart);
            if (first != 'n') {
                tagged(TEXT, json.substring(i + 1, nameEnd - 1));
                if (first == '"') {
                    tagged(TEXT, json.substring(valueStart + 1, valueEnd - 1));
                } else {
                    tagged(first == '{' || first == '[' ? NESTED : TEXT, json.substring(valueStart, valueEnd));
                }
            }
            i = valueEnd + 1;
        }
        return text(null);
    }

    /** The HMAC of everything since the start. */
    byte[] hmac() {
        mac.update(bytes, 0, length);
        return mac.doFinal();
    }

    private CanonicalBytes tagged(byte tag, String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        room(1 + Integer.BYTES + utf8.length);
        bytes[length++] = tag;
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (utf8.length >>> shift);
        }
        System.arraycopy(utf8, 0, bytes, length, utf8.length);
        length += utf8.length;
        return this;
    }

    private void room(int more) {
        if (length + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    private static int endOfString(String json, int quote) {
        int i = quote + 1;
        while (json.charAt(i) != '"') {
            i += json.charAt(i) == '\\' ? 2 : 1;
        }
        return i + 1;
    }

    private static int endOfValue(String json, int from) {
        int depth = 0;
        int i = from;
        while (true) {
            char c = json.charAt(i);
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
