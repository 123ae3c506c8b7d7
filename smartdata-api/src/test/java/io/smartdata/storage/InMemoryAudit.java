package io.smartdata.storage;

import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.tenancy.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/** The entries of one log. */
final class InMemoryAudit {
    private static final Comparator<AuditRecord> NEWEST_FIRST = Comparator.comparing(AuditRecord::at)
            .thenComparing(entry -> entry.id().toString())
            .reversed();

    private final List<AuditRecord> records = new ArrayList<>();

    boolean add(Instant at, Caller caller, AuditEntry entry) {
        return records.add(new AuditRecord(UUID.randomUUID(), at, caller, entry));
    }

    void addAll(InMemoryAudit other) {
        records.addAll(other.records);
    }

    List<AuditRecord> list(AuditQuery query) {
        return records.stream()
                .filter(entry -> matches(entry, query))
                .sorted(NEWEST_FIRST)
                .limit(query.limit())
                .toList();
    }

    private static boolean matches(AuditRecord entry, AuditQuery query) {
        AuditRecord last = query.olderThan();
        return !entry.at().isBefore(query.from())
                && (query.action() == null || query.action() == entry.entry().action())
                && (query.caller() == null
                        || query.caller().equals(entry.caller().name()))
                && (last == null || NEWEST_FIRST.compare(last, entry) < 0);
    }
}
