package io.smartdata.audit;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.Caller;
import java.time.Instant;
import java.util.UUID;

/**
 * An entry as it is kept.
 *
 * @param id of version 7: entries that one process wrote at one moment keep their order
 * @param at when it was written, by the database's clock
 * @param caller who did it
 * @param entry what was done
 * @since 0.1.0
 */
public record AuditRecord(UUID id, Instant at, Caller caller, AuditEntry entry) {
    public AuditRecord {
        requireNonNull(id, "id");
        requireNonNull(at, "at");
        requireNonNull(caller, "caller");
        requireNonNull(entry, "entry");
    }
}
