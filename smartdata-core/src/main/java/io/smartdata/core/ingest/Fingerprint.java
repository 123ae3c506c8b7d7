package io.smartdata.core.ingest;

import io.smartdata.event.Event;
import io.smartdata.storage.EventCandidate;

/**
 * Tells a duplicate from a conflict: two events of one identity with equal fingerprints say the same.
 *
 * <p>One version byte, then 15 bytes of HMAC-SHA256 under the org's key, over name, microsecond, plain decimal without
 * outer zeros, subject, entity, session, schema version and sorted properties. The way an event came in (CSV, JSON,
 * Java) leaves no trace; see {@code fingerprint-vectors.jsonl} among the test resources.
 *
 * @since 0.1.0
 */
public final class Fingerprint {
    /** First byte of every fingerprint made by this version. */
    static final byte VERSION = 1;

    private Fingerprint() {}

    /**
     * The fingerprint of an event before privacy rules.
     *
     * @param hashKey as {@link io.smartdata.tenancy.OrgSettings#hashKey()}
     * @return 16 bytes, a new array
     */
    public static byte[] of(Event event, byte[] hashKey) {
        return of(event, new CanonicalBytes(hashKey));
    }

    static byte[] of(Event event, CanonicalBytes bytes) {
        byte[] hmac = bytes.start('F')
                .text(event.name())
                .number(TimeText.micros(event.occurredAt()))
                .decimal(event.value())
                .text(event.subject())
                .text(event.entity())
                .text(event.session())
                .text(event.schemaVersion())
                .properties(event.properties())
                .hmac();
        byte[] fingerprint = new byte[EventCandidate.FINGERPRINT_BYTES];
        fingerprint[0] = VERSION;
        System.arraycopy(hmac, 0, fingerprint, 1, fingerprint.length - 1);
        return fingerprint;
    }
}
