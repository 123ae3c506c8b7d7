package io.smartdata.storage;

import io.smartdata.event.DeadLetter;
import io.smartdata.tenancy.OrgScope;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Events that were not accepted. What becomes of them is up to {@link AppendTransaction}.
 *
 * @since 0.1.0
 */
public interface DeadLetterStore {
    /** Dead letters without their bytes, oldest first, then by receipt, row and id. */
    List<DeadLetter> list(OrgScope scope, DeadLetterQuery query);

    /** How many letters of the filter there are, ordered by code, source and status. */
    List<DeadLetterCount> counts(OrgScope scope, DeadLetterFilter filter);

    /** One dead letter of this org. */
    Optional<StoredDeadLetter> find(OrgScope scope, UUID id);
}
