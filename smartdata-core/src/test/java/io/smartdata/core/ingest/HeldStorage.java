package io.smartdata.core.ingest;

import io.smartdata.event.StoredEvent;
import io.smartdata.storage.AppendWork;
import io.smartdata.storage.ArrivalPage;
import io.smartdata.storage.ArrivalPosition;
import io.smartdata.storage.ArrivalQuery;
import io.smartdata.storage.AuditStore;
import io.smartdata.storage.CorrectionWork;
import io.smartdata.storage.DeadLetterStore;
import io.smartdata.storage.EventPage;
import io.smartdata.storage.EventPageQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.EventStore;
import io.smartdata.storage.ExportStore;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.JobStore;
import io.smartdata.storage.KpiStore;
import io.smartdata.storage.OrgStore;
import io.smartdata.storage.ResultStore;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredReceipt;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** A storage in memory that does something before each append, for example waits. */
final class HeldStorage implements Storage, EventStore {
    private final Storage storage = new InMemoryStorage();
    private volatile Runnable beforeAppend = () -> {};
    private volatile boolean closed;

    void beforeAppend(Runnable action) {
        beforeAppend = action;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public <R> R append(OrgScope scope, AppendWork<R> work) {
        beforeAppend.run();
        return storage.events().append(scope, work);
    }

    @Override
    public <R> R append(OrgScope scope, HostTransaction host, AppendWork<R> work) {
        return append(scope, work);
    }

    @Override
    public <R> R correct(OrgScope scope, CorrectionWork<R> work) {
        return storage.events().correct(scope, work);
    }

    @Override
    public void scan(OrgScope scope, EventRange range, Consumer<StoredEvent> sink) {
        storage.events().scan(scope, range, sink);
    }

    @Override
    public EventPage page(OrgScope scope, EventPageQuery query) {
        return storage.events().page(scope, query);
    }

    @Override
    public ArrivalPage arrivals(OrgScope scope, ArrivalQuery query) {
        return storage.events().arrivals(scope, query);
    }

    @Override
    public ArrivalPosition lastArrival(OrgScope scope) {
        return storage.events().lastArrival(scope);
    }

    @Override
    public Optional<StoredReceipt> receipt(OrgScope scope, UUID id) {
        return storage.events().receipt(scope, id);
    }

    @Override
    public void open(Consumer<SystemScope> system) {
        storage.open(system);
    }

    @Override
    public EventStore events() {
        return this;
    }

    @Override
    public KpiStore kpis() {
        return storage.kpis();
    }

    @Override
    public DeadLetterStore deadLetters() {
        return storage.deadLetters();
    }

    @Override
    public ResultStore results() {
        return storage.results();
    }

    @Override
    public OrgStore orgs() {
        return storage.orgs();
    }

    @Override
    public JobStore jobs() {
        return storage.jobs();
    }

    @Override
    public ExportStore exports() {
        return storage.exports();
    }

    @Override
    public AuditStore audit() {
        return storage.audit();
    }

    @Override
    public void close() {
        closed = true;
        storage.close();
    }
}
