package io.smartdata.core.audit;

import static java.util.Objects.requireNonNull;

import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.core.kpi.Generations;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.util.List;

/**
 * Who exported, replayed, retracted, rebuilt, changed a definition or a setting, or read the org from outside.
 *
 * @since 0.1.0
 */
public final class AuditLog {
    private final Storage storage;
    private final Generations generations;
    private final OrgScope scope;

    /**
     * @throws io.smartdata.SmartDataException {@code not_permitted} if the scope was not requested with
     *     {@link Permission#OPERATE}
     */
    public AuditLog(Storage storage, Generations generations, OrgScope scope) {
        this.storage = requireNonNull(storage, "storage");
        this.generations = requireNonNull(generations, "generations");
        this.scope = requireNonNull(scope, "scope");
        scope.require(Permission.OPERATE);
    }

    /**
     * Entries, newest first.
     *
     * @throws io.smartdata.SmartDataException {@code unknown_org}
     */
    public List<AuditRecord> list(AuditQuery query) {
        generations.existing(scope);
        return storage.audit().list(scope, query);
    }
}
