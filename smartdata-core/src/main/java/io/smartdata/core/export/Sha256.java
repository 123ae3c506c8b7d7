package io.smartdata.core.export;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash of exports. */
final class Sha256 {
    private Sha256() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java runtime has SHA-256", e);
        }
    }
}
