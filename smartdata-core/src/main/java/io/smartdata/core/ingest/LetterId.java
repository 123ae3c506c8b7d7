package io.smartdata.core.ingest;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.UUID;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Ids of dead letters. */
final class LetterId {
    private LetterId() {}

    /**
     * A keyed hash of what was sent, so that ingesting the same file again finds the letter it made before.
     *
     * @param context tells equal rows of one input apart; empty where that does not matter
     */
    static UUID of(byte[] hashKey, String source, String format, String context, byte[] payload) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hashKey, "HmacSHA256"));
            for (String part : List.of("dead letter", source, format, context)) {
                byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
                mac.update(
                        ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
                mac.update(bytes);
            }
            ByteBuffer hash = ByteBuffer.wrap(mac.doFinal(payload));
            return new UUID(hash.getLong(), hash.getLong());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        }
    }
}
