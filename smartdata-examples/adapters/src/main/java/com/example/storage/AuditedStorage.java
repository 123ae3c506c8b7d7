package com.example.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.storage.AuditStore;
import io.smartdata.storage.DeadLetterStore;
import io.smartdata.storage.EventStore;
import io.smartdata.storage.ExportStore;
import io.smartdata.storage.JobStore;
import io.smartdata.storage.KpiStore;
import io.smartdata.storage.OrgStore;
import io.smartdata.storage.ResultStore;
import io.smartdata.storage.Storage;
import io.smartdata.storage.Upkeep;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes down who is about to do what in which org, then lets another storage do it. An operation that cannot be written
 * down does not happen.
 *
 * @since 0.1.0
 */
public final class AuditedStorage implements Storage {
    private final Storage storage;
    private final Consumer<Entry> audit;

    /**
     * One operation, before it runs.
     *
     * @param caller who asked; {@code system} for jobs that serve every org
     * @param org the org it is about; empty for every org
     * @param operation room and method, for example {@code events.append}
     */
    public record Entry(String caller, Optional<OrgId> org, String operation) {
        public Entry {
            requireNonNull(caller, "caller");
            requireNonNull(org, "org");
            requireNonNull(operation, "operation");
        }

        private static Optional<Entry> of(Object scope, String operation) {
            if (scope instanceof OrgScope one) {
                return Optional.of(new Entry(one.caller().name(), Optional.of(one.org()), operation));
            }
            return scope instanceof SystemScope
                    ? Optional.of(new Entry("system", Optional.empty(), operation))
                    : Optional.empty();
        }
    }

    /**
     * @param storage does the work; closed with this one
     * @param audit called by every thread that uses the storage; what it throws ends the operation before it begins
     */
    public AuditedStorage(Storage storage, Consumer<Entry> audit) {
        this.storage = requireNonNull(storage, "storage");
        this.audit = requireNonNull(audit, "audit");
    }

    @Override
    public void open(Consumer<SystemScope> system) {
        storage.open(system);
    }

    @Override
    public EventStore events() {
        return audited("events", EventStore.class, storage.events());
    }

    @Override
    public KpiStore kpis() {
        return audited("kpis", KpiStore.class, storage.kpis());
    }

    @Override
    public DeadLetterStore deadLetters() {
        return audited("deadLetters", DeadLetterStore.class, storage.deadLetters());
    }

    @Override
    public ResultStore results() {
        return audited("results", ResultStore.class, storage.results());
    }

    @Override
    public OrgStore orgs() {
        return audited("orgs", OrgStore.class, storage.orgs());
    }

    @Override
    public JobStore jobs() {
        return audited("jobs", JobStore.class, storage.jobs());
    }

    @Override
    public ExportStore exports() {
        return audited("exports", ExportStore.class, storage.exports());
    }

    @Override
    public AuditStore audit() {
        return audited("audit", AuditStore.class, storage.audit());
    }

    @Override
    public Upkeep upkeep(SystemScope system) {
        Entry.of(system, "upkeep").ifPresent(audit);
        return storage.upkeep(system);
    }

    @Override
    public void close() {
        storage.close();
    }

    /** Every method of a room takes its scope first, so one handler serves all of them, also those of later versions. */
    private <T> T audited(String room, Class<T> type, T store) {
        Object proxy =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    if (arguments != null) {
                        Entry.of(arguments[0], room + "." + method.getName()).ifPresent(audit);
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(proxy);
    }
}
