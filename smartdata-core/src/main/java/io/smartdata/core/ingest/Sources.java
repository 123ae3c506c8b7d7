package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditAction;
import io.smartdata.audit.AuditEntry;
import io.smartdata.core.kpi.Generations;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.Event;
import io.smartdata.event.Rejection;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredSource;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.util.List;
import java.util.Map;

/**
 * Where the events of one org come from.
 *
 * @since 0.1.0
 */
public final class Sources {
    private final Storage storage;
    private final Generations generations;
    private final OrgScope scope;

    /**
     * @param scope reading needs {@link Permission#VIEW}, changing {@link Permission#OPERATE}
     */
    public Sources(Storage storage, Generations generations, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.scope = requireNonNull(scope, "scope");
    }

    /**
     * Sources that were declared or had an event accepted, by name.
     *
     * @throws SmartDataException {@code unknown_org}, {@code not_permitted} without {@link Permission#VIEW}
     */
    public List<StoredSource> list() {
        scope.require(Permission.VIEW);
        generations.existing(scope);
        return storage.orgs().sources(scope);
    }

    /**
     * Declares a source, or changes what happens to its conflicts; creates the org unless it exists.
     *
     * @throws SmartDataException {@code invalid_name}, {@code not_permitted} without {@link Permission#OPERATE}
     */
    public void declare(String source, ConflictPolicy conflictPolicy) {
        scope.require(Permission.OPERATE);
        Rejection fault = EventValidator.name(source, "source", Event.MAX_NAME_LENGTH);
        if (fault != null) {
            throw new SmartDataException(fault.code().code(), fault.message());
        }
        requireNonNull(conflictPolicy, "conflictPolicy");
        generations.create(scope);
        storage.orgs()
                .declareSource(
                        scope,
                        source,
                        conflictPolicy,
                        AuditEntry.done(
                                AuditAction.CHANGE_SETTINGS,
                                "source " + source,
                                Map.of("conflicts", conflictPolicy.name())));
    }

    /**
     * Says whether the org takes events of declared sources only: an event of another one is then rejected as
     * {@code unknown_source}. Unless told so, the first accepted event of a source makes it known.
     *
     * @throws SmartDataException {@code unknown_org}, {@code not_permitted} without {@link Permission#OPERATE}
     */
    public void requireDeclared(boolean required) {
        scope.require(Permission.OPERATE);
        generations.existing(scope);
        storage.orgs()
                .requireDeclaredSources(
                        scope,
                        required,
                        AuditEntry.done(AuditAction.CHANGE_SETTINGS, "sources", Map.of("declaredOnly", required)));
    }
}
