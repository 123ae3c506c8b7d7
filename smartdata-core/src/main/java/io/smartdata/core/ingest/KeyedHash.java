package io.smartdata.core.ingest;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * HMAC-SHA256 of many short messages under one key. Source: Krawczyk, Bellare and Canetti, RFC 2104, 1997, whose section 4
 * names the shortcut taken here: both blocks of the key are hashed once and every message starts from there. A digest that
 * cannot be cloned is left to {@link Mac}. Not thread-safe.
 */
final class KeyedHash {
    private static final int BLOCK_BYTES = 64;
    private static final int HASH_BYTES = 32;
    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5c;

    private final MessageDigest inner;
    private final MessageDigest outer;
    private final @Nullable Mac mac;

    /**
     * @throws IllegalArgumentException if {@code key} is empty
     */
    KeyedHash(byte[] key) {
        SecretKeySpec secret = new SecretKeySpec(key, "HmacSHA256");
        byte[] block = Arrays.copyOf(key.length > BLOCK_BYTES ? Ingest.sha256().digest(key) : key, BLOCK_BYTES);
        this.inner = keyed(block, INNER);
        this.outer = keyed(block, OUTER);
        this.mac = clones(inner) ? null : mac(secret);
    }

    private static MessageDigest keyed(byte[] block, byte pad) {
        byte[] padded = new byte[block.length];
        for (int i = 0; i < block.length; i++) {
            padded[i] = (byte) (block[i] ^ pad);
        }
        MessageDigest digest = Ingest.sha256();
        digest.update(padded);
        return digest;
    }

    private static boolean clones(MessageDigest digest) {
        try {
            return digest.clone() instanceof MessageDigest;
        } catch (CloneNotSupportedException e) {
            return false;
        }
    }

    private static Mac mac(SecretKeySpec secret) {
        try {
            Mac made = Mac.getInstance(secret.getAlgorithm());
            made.init(secret);
            return made;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        }
    }

    /** 32 bytes, a new array. */
    byte[] of(byte[] message, int length) {
        if (mac != null) {
            mac.update(message, 0, length);
            return mac.doFinal();
        }
        return finish(outer, finish(inner, message, length), HASH_BYTES);
    }

    private static byte[] finish(MessageDigest begun, byte[] bytes, int length) {
        try {
            MessageDigest digest = (MessageDigest) begun.clone();
            digest.update(bytes, 0, length);
            return digest.digest();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("The digest was cloned before", e);
        }
    }
}
