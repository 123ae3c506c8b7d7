package io.smartdata.core.jobs;

import io.smartdata.storage.AuditStore;
import io.smartdata.storage.DeadLetterStore;
import io.smartdata.storage.EventStore;
import io.smartdata.storage.ExportStore;
import io.smartdata.storage.JobStore;
import io.smartdata.storage.KpiStore;
import io.smartdata.storage.OrgStore;
import io.smartdata.storage.ResultStore;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoreUnavailableException;
import io.smartdata.storage.UnknownOutcomeException;
import io.smartdata.tenancy.SystemScope;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** How one node sees a store that others use too: now and then a call fails, before it did anything or after its commit. */
final class FaultyStorage implements Storage {
    private final Storage storage;
    private final Supplier<Fault> faults;
    private final BiConsumer<String, Object> committed;

    /** What becomes of a call. */
    enum Fault {
        NONE,
        BEFORE,
        AFTER
    }

    /**
     * @param faults asked at every call
     * @param committed told the name and the result of every call that did what it should, also when the caller is not
     */
    FaultyStorage(Storage storage, Supplier<Fault> faults, BiConsumer<String, Object> committed) {
        this.storage = storage;
        this.faults = faults;
        this.committed = committed;
    }

    private <T> T faulty(Class<T> type, T store) {
        Object proxy =
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> {
                    Fault fault = faults.get();
                    if (fault == Fault.BEFORE) {
                        throw new StoreUnavailableException("The simulated database is away.", Duration.ZERO, null);
                    }
                    try {
                        Object result = method.invoke(store, arguments);
                        committed.accept(method.getName(), result);
                        if (fault == Fault.AFTER) {
                            throw new UnknownOutcomeException(null);
                        }
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return type.cast(proxy);
    }

    @Override
    public void open(Consumer<SystemScope> system) {
        storage.open(system);
    }

    @Override
    public EventStore events() {
        return faulty(EventStore.class, storage.events());
    }

    @Override
    public ExportStore exports() {
        return faulty(ExportStore.class, storage.exports());
    }

    @Override
    public AuditStore audit() {
        return faulty(AuditStore.class, storage.audit());
    }

    @Override
    public KpiStore kpis() {
        return faulty(KpiStore.class, storage.kpis());
    }

    @Override
    public DeadLetterStore deadLetters() {
        return faulty(DeadLetterStore.class, storage.deadLetters());
    }

    @Override
    public ResultStore results() {
        return faulty(ResultStore.class, storage.results());
    }

    @Override
    public OrgStore orgs() {
        return faulty(OrgStore.class, storage.orgs());
    }

    @Override
    public JobStore jobs() {
        return faulty(JobStore.class, storage.jobs());
    }

    @Override
    public void close() {
        storage.close();
    }
}
