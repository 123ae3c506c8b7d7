package io.smartdata.event;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Identity of an event within its org, source and day: 128 bits.
 *
 * <p>A canonical lower-case UUID is kept as it is. Any other text becomes the first 128 bits of its SHA-256, with the
 * text beside it. Two texts that differ in any code point are two ids; nothing is folded or trimmed.
 *
 * @param high upper 64 bits of the key
 * @param low lower 64 bits of the key
 * @param original the sender's text when it is not the UUID form of the key, else null
 * @since 0.1.0
 */
public record EventId(long high, long low, @Nullable String original) {
    /** Longest text accepted, in UTF-16 code units. */
    public static final int MAX_LENGTH = 255;

    private static final int UUID_LENGTH = 36;
    private static final byte[] DIGITS = digits();

    /**
     * The id a sender gave.
     *
     * @param text 1 to {@value #MAX_LENGTH} characters
     * @throws IllegalArgumentException if {@code text} is empty or too long
     */
    public static EventId of(String text) {
        requireNonNull(text, "text");
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    "An event id has 1 to %d characters, this one has %d".formatted(MAX_LENGTH, text.length()));
        }
        EventId uuid = text.length() == UUID_LENGTH ? ofUuid(text) : null;
        if (uuid != null) {
            return uuid;
        }
        ByteBuffer hash = ByteBuffer.wrap(sha256(text));
        return new EventId(hash.getLong(), hash.getLong(), text);
    }

    /** Without a branch per digit: no processor foresees those of a random id. */
    private static @Nullable EventId ofUuid(String text) {
        long high = 0;
        long low = 0;
        int faults = 0;
        for (int i = 0; i < UUID_LENGTH; i++) {
            char c = text.charAt(i);
            if (i == 8 || i == 13 || i == 18 || i == 23) {
                faults |= c ^ '-';
            } else {
                int digit = c < DIGITS.length ? DIGITS[c] : -1;
                faults |= digit >> 4;
                high = high << 4 | low >>> 60;
                low = low << 4 | digit;
            }
        }
        return faults == 0 ? new EventId(high, low, null) : null;
    }

    /** Values of the lower-case hexadecimal digits, -1 for any other character. */
    private static byte[] digits() {
        byte[] digits = new byte['f' + 1];
        for (char c = 0; c < digits.length; c++) {
            digits[c] = (byte) (c >= 'A' && c <= 'F' ? -1 : Character.digit(c, 16));
        }
        return digits;
    }

    /**
     * An id read back from its stored key.
     *
     * @param key 16 bytes, big-endian
     * @param original as {@link #original()}
     * @throws IllegalArgumentException if {@code key} has not 16 bytes
     */
    public static EventId ofKey(byte[] key, @Nullable String original) {
        if (key.length != 16) {
            throw new IllegalArgumentException("An event key has 16 bytes, this one has " + key.length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(key);
        return new EventId(buffer.getLong(), buffer.getLong(), original);
    }

    /** The key as 16 bytes, big-endian; a new array. */
    public byte[] key() {
        return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
    }

    /** The sender's text; for an id made by the pipeline, the UUID form of its key. */
    public String text() {
        return original != null ? original : new UUID(high, low).toString();
    }

    /** Two ids are equal when their keys are. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EventId id && high == id.high && low == id.low;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(high ^ low);
    }

    @Override
    public String toString() {
        return text();
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
