package io.smartdata.storage;

import io.smartdata.audit.AuditEntry;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.IdentityScope;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import io.smartdata.tenancy.SystemScope;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Orgs, their settings and KPI definitions.
 *
 * @since 0.1.0
 */
public interface OrgStore {
    /** The org of the scope, if it was ever created. */
    Optional<OrgSettings> find(OrgScope scope);

    /**
     * Creates the org of the scope unless it exists: generation 1, no definitions, a random hash key, all history kept.
     *
     * @return the org as it is now; its zone and identity scope are those asked for only if this call created it
     */
    OrgSettings ensure(OrgScope scope, ZoneId zone, IdentityScope identityScope);

    /** As {@link #ensure(OrgScope, ZoneId, IdentityScope)} with {@link IdentityScope#DAY}. */
    default OrgSettings ensure(OrgScope scope, ZoneId zone) {
        return ensure(scope, zone, IdentityScope.DAY);
    }

    /**
     * KPI definitions of one generation, ordered by name; empty for a generation that does not exist.
     */
    List<StoredDefinition> definitions(OrgScope scope, long generation);

    /**
     * Starts a new generation in one transaction: no ingest of the org runs meanwhile, {@code backfill} fills its cells
     * from raw events, then it serves and the cells of the old one are deleted.
     *
     * @param backfill sees the new zone and definitions and an empty set of cells
     * @return the org as it is now
     */
    OrgSettings activate(
            OrgScope scope, ZoneId zone, List<StoredDefinition> definitions, Consumer<KpiRebuild> backfill);

    /** Sources of the org that were declared or had an event accepted, ordered by name. */
    List<StoredSource> sources(OrgScope scope);

    /**
     * Declares a source, or changes what happens to its conflicts. Takes effect for every append that begins later.
     *
     * @param entry written into the org's log in the same transaction
     * @throws io.smartdata.SmartDataException {@code unknown_org} if the org was never created
     */
    void declareSource(OrgScope scope, String source, ConflictPolicy conflictPolicy, AuditEntry entry);

    /**
     * Says whether the org takes events of declared sources only; it does not unless told so. Takes effect for every append
     * that begins later.
     *
     * @param entry written into the org's log in the same transaction
     * @throws io.smartdata.SmartDataException {@code unknown_org} if the org was never created
     */
    void requireDeclaredSources(OrgScope scope, boolean required, AuditEntry entry);

    /** Every org, for jobs that serve them all; ordered by id. */
    List<OrgId> all(SystemScope system);
}
