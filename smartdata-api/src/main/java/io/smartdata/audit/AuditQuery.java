package io.smartdata.audit;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which entries; null means any.
 *
 * @param from the earliest time, inclusive
 * @param action what was done
 * @param caller name of who did it
 * @param olderThan only entries that come after this one in the order newest first: the last one of the page before
 * @param limit most to give, 1 to 10 000
 * @since 0.1.0
 */
public record AuditQuery(
        Instant from,
        @Nullable AuditAction action,
        @Nullable String caller,
        @Nullable AuditRecord olderThan,
        int limit) {
    public AuditQuery {
        requireNonNull(from, "from");
        if (limit < 1 || limit > 10_000) {
            throw new IllegalArgumentException("limit must be 1 to 10 000, was " + limit);
        }
    }

    /** The newest. */
    public static AuditQuery newest(int limit) {
        return new AuditQuery(Instant.EPOCH, null, null, null, limit);
    }

    /** Only those from a time on. */
    public AuditQuery since(Instant newFrom) {
        return new AuditQuery(newFrom, action, caller, olderThan, limit);
    }

    /** Only those of one action. */
    public AuditQuery withAction(@Nullable AuditAction newAction) {
        return new AuditQuery(from, newAction, caller, olderThan, limit);
    }

    /** Only those of one caller. */
    public AuditQuery withCaller(@Nullable String newCaller) {
        return new AuditQuery(from, action, newCaller, olderThan, limit);
    }

    /** The next page. */
    public AuditQuery after(AuditRecord last) {
        return new AuditQuery(from, action, caller, last, limit);
    }
}
