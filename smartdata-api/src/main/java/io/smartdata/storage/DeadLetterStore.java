package io.smartdata.storage;

import io.smartdata.event.DeadLetter;
import io.smartdata.tenancy.OrgScope;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Events that were not accepted.
 *
 * @since 0.1.0
 */
public interface DeadLetterStore {
    /** Dead letters, oldest first, then by receipt, row and id. */
    List<DeadLetter> list(OrgScope scope, DeadLetterQuery query);

    /** One dead letter of this org. */
    Optional<DeadLetter> find(OrgScope scope, UUID id);
}
