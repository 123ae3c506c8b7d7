package io.smartdata.event;

import static java.util.Objects.requireNonNull;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.UUID;
import java.util.regex.Pattern;
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

    private static final Pattern CANONICAL_UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

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
        if (text.length() == 36 && CANONICAL_UUID.matcher(text).matches()) {
            UUID uuid = UUID.fromString(text);
            return new EventId(uuid.getMostSignificantBits(), uuid.getLeastSignificantBits(), null);
        }
        ByteBuffer hash = ByteBuffer.wrap(sha256(text));
        return new EventId(hash.getLong(), hash.getLong(), text);
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
