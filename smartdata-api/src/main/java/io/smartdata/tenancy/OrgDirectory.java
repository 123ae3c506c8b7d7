package io.smartdata.tenancy;

import java.util.Optional;

/**
 * The host's list of orgs. Asked on the caller's thread for every scope that the policy grants and for every ingest call, so
 * it answers from memory; must be thread-safe. An org it does not know, and one it cannot answer for, is answered like one
 * the caller may not touch.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface OrgDirectory {
    /** What the host says about the org; empty if it has no such org. */
    Optional<OrgProfile> find(OrgId org);

    /** Every org may exist: the policy alone decides. */
    static OrgDirectory open() {
        return org -> Optional.of(OrgProfile.defaults());
    }
}
