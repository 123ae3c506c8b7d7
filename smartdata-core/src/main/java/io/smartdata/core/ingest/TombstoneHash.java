package io.smartdata.core.ingest;

import io.smartdata.event.Event;
import io.smartdata.event.IdentityScope;
import io.smartdata.tenancy.OrgSettings;
import java.util.HexFormat;

/**
 * Names an event that must not come back without keeping anything of it: HMAC-SHA256 under the org's key over its source, id
 * and, where ids are taken for a day, UTC day. Not thread-safe.
 *
 * @since 0.1.0
 */
public final class TombstoneHash {
    private static final long SECONDS_A_DAY = 86_400;
    private static final long ANY_DAY = -1;
    private static final int SUBJECT_BYTES = 16;

    private final CanonicalBytes bytes;
    private final IdentityScope identityScope;

    /** For the events of one org. */
    public TombstoneHash(OrgSettings org) {
        this.bytes = new CanonicalBytes(org.hashKey());
        this.identityScope = org.identityScope();
    }

    /** 32 bytes, a new array. */
    public byte[] of(Event event) {
        long day = identityScope == IdentityScope.FOREVER
                ? ANY_DAY
                : Math.floorDiv(event.occurredAt().getEpochSecond(), SECONDS_A_DAY);
        return bytes.start('T')
                .text(event.source())
                .number(event.id().high())
                .number(event.id().low())
                .number(day)
                .hmac();
    }

    /** A subject that the audit log must not name: 32 hexadecimal digits, the same ones each time. */
    public String ofSubject(String subject) {
        return HexFormat.of().formatHex(bytes.start('U').text(subject).hmac(), 0, SUBJECT_BYTES);
    }
}
