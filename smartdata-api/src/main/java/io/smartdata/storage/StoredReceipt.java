package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.util.UUID;

/**
 * A receipt as the store holds it: the counters for SQL, the rest as JSON.
 *
 * @param id names the call
 * @param source the source the call named
 * @param received events read
 * @param accepted events stored
 * @param duplicates events stored before
 * @param conflicts events stored before with other content
 * @param rejected events that are not valid
 * @param complete false while the call is still committing in pieces, and for ever if it died between two
 * @param json the receipt; its outcomes as the caller got them if the call has an idempotency key, for then a retry gets them
 *     too, else only the rejected and conflicting ones
 * @since 0.1.0
 */
public record StoredReceipt(
        UUID id,
        String source,
        long received,
        long accepted,
        long duplicates,
        long conflicts,
        long rejected,
        boolean complete,
        String json) {
    public StoredReceipt {
        requireNonNull(id, "id");
        requireNonNull(source, "source");
        requireNonNull(json, "json");
    }
}
