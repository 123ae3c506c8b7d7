package io.smartdata.storage;

import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.util.List;
import java.util.Set;

/**
 * Who did what. Entries are added and never changed. What changes data is written down in its own transaction instead, by
 * {@link AppendTransaction#audit} and {@link KpiRebuild#audit}.
 *
 * @since 0.1.0
 */
public interface AuditStore {
    /**
     * Writes an entry of the scope's caller into the log of its org; committed when this returns.
     *
     * @throws io.smartdata.SmartDataException {@code unknown_org} if the org was never created
     */
    void add(OrgScope scope, AuditEntry entry);

    /** Entries of the org, newest first. */
    List<AuditRecord> list(OrgScope scope, AuditQuery query);

    /**
     * Writes what somebody does across orgs, in one transaction: into the log of the system, and into the log of each org.
     *
     * @param entry says nothing about one org that another may not know
     * @param system as {@code entry}, for the log of the system: it may name the orgs
     */
    void addAcross(SystemScope scope, Caller caller, Set<OrgId> orgs, AuditEntry entry, AuditEntry system);

    /** Entries of the system's own log, newest first. */
    List<AuditRecord> listAcross(SystemScope scope, AuditQuery query);
}
