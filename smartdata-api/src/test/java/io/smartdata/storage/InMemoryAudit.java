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
import java.util.concurrent.atomic.AtomicLong;

/** The entries of one log. */
final class InMemoryAudit {
    private static final Comparator<AuditRecord> NEWEST_FIRST = Comparator.comparing(AuditRecord::at)
            .thenComparing(entry -> entry.id().toString())
            .reversed();

    /** Entries of one moment keep their order. */
    private static final AtomicLong LATEST = new AtomicLong();

    private final List<AuditRecord> records = new ArrayList<>();

    boolean add(Instant at, Caller caller, AuditEntry entry) {
        UUID id = new UUID(
                LATEST.incrementAndGet() << 16 | 0x7000, UUID.randomUUID().getLeastSignificantBits());
        return records.add(new AuditRecord(id, at, caller, entry));
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
