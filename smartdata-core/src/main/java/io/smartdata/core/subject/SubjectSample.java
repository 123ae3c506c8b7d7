package io.smartdata.core.subject;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Subjects that an answer looks at when there are too many for its memory: those whose keyed hash lies below a bound, which is
 * halved as often as needed. So a subject is looked at with everything it did or not at all, whatever the order of events, and
 * the same ones each time. Source: Gibbons and Tirthapura, "Estimating simple functions on the union of data streams", SPAA
 * 2001. Not thread-safe.
 */
final class SubjectSample {
    private static final String PURPOSE = "smartdata.subject.sample.1";

    private final Mac mac;
    private int halvings;
    private String known = "";
    private long hashOfKnown;

    SubjectSample(byte[] hashKey) {
        try {
            mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(hashKey, "HmacSHA256"));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java runtime has HmacSHA256", e);
        }
        hashOfKnown = hash(known);
    }

    private long hash(String subject) {
        mac.update(PURPOSE.getBytes(StandardCharsets.US_ASCII));
        return ByteBuffer.wrap(mac.doFinal(subject.getBytes(StandardCharsets.UTF_8)))
                .getLong();
    }

    /** True if what the subject did counts. */
    boolean admits(String subject) {
        if (halvings == 0) {
            return true;
        }
        if (!subject.equals(known)) {
            known = subject;
            hashOfKnown = hash(subject);
        }
        return Long.numberOfLeadingZeros(hashOfKnown) >= halvings;
    }

    /** From now on half as many; the caller drops what it holds of the others. */
    void halve() {
        halvings++;
    }

    /** Part of the subjects looked at: 1 for all. */
    double share() {
        return Math.scalb(1.0, -halvings);
    }
}
