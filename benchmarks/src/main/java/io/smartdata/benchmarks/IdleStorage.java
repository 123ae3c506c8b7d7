package io.smartdata.benchmarks;

import io.smartdata.audit.AuditEntry;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.Outcome;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.storage.AppendTransaction;
import io.smartdata.storage.AppendWork;
import io.smartdata.storage.ArrivalPage;
import io.smartdata.storage.ArrivalPosition;
import io.smartdata.storage.ArrivalQuery;
import io.smartdata.storage.AuditStore;
import io.smartdata.storage.Backlog;
import io.smartdata.storage.Compaction;
import io.smartdata.storage.CorrectionWork;
import io.smartdata.storage.DeadLetterFilter;
import io.smartdata.storage.DeadLetterStore;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.EventPage;
import io.smartdata.storage.EventPageQuery;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.EventStore;
import io.smartdata.storage.ExportStore;
import io.smartdata.storage.HostTransaction;
import io.smartdata.storage.JobStore;
import io.smartdata.storage.KpiRebuild;
import io.smartdata.storage.KpiSnapshot;
import io.smartdata.storage.KpiStore;
import io.smartdata.storage.OrgStore;
import io.smartdata.storage.ResultStore;
import io.smartdata.storage.StateMerge;
import io.smartdata.storage.Storage;
import io.smartdata.storage.StoredDeadLetter;
import io.smartdata.storage.StoredDefinition;
import io.smartdata.storage.StoredReceipt;
import io.smartdata.storage.StoredSource;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import io.smartdata.tenancy.SystemScope;
import java.time.Instant;
import java.time.ZoneId;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Accepts every event and keeps nothing: what is left is the cost of the library itself. */
final class IdleStorage implements Storage, EventStore, OrgStore, KpiStore, AppendTransaction {
    private static UnsupportedOperationException keptNothing() {
        return new UnsupportedOperationException("This storage keeps nothing to read");
    }

    @Override
    public void open(Consumer<SystemScope> system) {
        // has no tables
    }

    @Override
    public EventStore events() {
        return this;
    }

    @Override
    public KpiStore kpis() {
        return this;
    }

    @Override
    public OrgStore orgs() {
        return this;
    }

    @Override
    public DeadLetterStore deadLetters() {
        throw keptNothing();
    }

    @Override
    public ExportStore exports() {
        throw keptNothing();
    }

    @Override
    public AuditStore audit() {
        throw keptNothing();
    }

    @Override
    public ResultStore results() {
        throw keptNothing();
    }

    @Override
    public JobStore jobs() {
        throw keptNothing();
    }

    @Override
    public void close() {
        // holds nothing
    }

    @Override
    public <R> R append(OrgScope scope, AppendWork<R> work) {
        return work.run(this);
    }

    @Override
    public <R> R append(OrgScope scope, HostTransaction host, AppendWork<R> work) {
        return work.run(this);
    }

    @Override
    public <R> R correct(OrgScope scope, CorrectionWork<R> work) {
        throw keptNothing();
    }

    @Override
    public boolean requiresDeclaredSources() {
        return false;
    }

    @Override
    public Set<String> undeclared(Set<String> sources) {
        return Set.of();
    }

    @Override
    public ConflictPolicy conflictPolicy(String source) {
        return ConflictPolicy.REJECT;
    }

    @Override
    public boolean hasTombstones() {
        return false;
    }

    @Override
    public BitSet tombstoned(List<byte[]> keyHashes) {
        return new BitSet();
    }

    @Override
    public void scan(OrgScope scope, EventRange range, Consumer<StoredEvent> sink) {
        throw keptNothing();
    }

    @Override
    public EventPage page(OrgScope scope, EventPageQuery query) {
        throw keptNothing();
    }

    @Override
    public ArrivalPage arrivals(OrgScope scope, ArrivalQuery query) {
        throw keptNothing();
    }

    @Override
    public ArrivalPosition lastArrival(OrgScope scope) {
        throw keptNothing();
    }

    @Override
    public Optional<StoredReceipt> receipt(OrgScope scope, UUID id) {
        return Optional.empty();
    }

    @Override
    public OrgSettings org() {
        return Workload.ORG;
    }

    @Override
    public Instant receivedAt() {
        return Instant.EPOCH;
    }

    @Override
    public boolean provisional() {
        return false;
    }

    @Override
    public Optional<StoredReceipt> claim(UUID receiptId, String key, byte[] contentHash) {
        return Optional.empty();
    }

    @Override
    public List<Outcome> insert(List<EventCandidate> events) {
        return Collections.nCopies(events.size(), Outcome.ACCEPTED);
    }

    @Override
    public void addDeltas(long generation, List<KpiDelta> deltas) {
        // kept nowhere
    }

    @Override
    public long openDeadLetters(long limit) {
        return 0;
    }

    @Override
    public void addDeadLetters(List<StoredDeadLetter> letters) {
        // kept nowhere
    }

    @Override
    public Optional<DeadLetter> lockDeadLetter(UUID id) {
        throw keptNothing();
    }

    @Override
    public void settleDeadLetter(UUID id, DeadLetter.Status status) {
        throw keptNothing();
    }

    @Override
    public long discardDeadLetters(DeadLetterFilter filter, String note) {
        throw keptNothing();
    }

    @Override
    public long reopenDeadLetters(DeadLetterFilter filter) {
        throw keptNothing();
    }

    @Override
    public void putReceipt(StoredReceipt receipt) {
        // kept nowhere
    }

    @Override
    public void audit(AuditEntry entry) {
        // kept nowhere
    }

    @Override
    public Optional<OrgSettings> find(OrgScope scope) {
        return Optional.of(Workload.ORG);
    }

    @Override
    public OrgSettings ensure(OrgScope scope, ZoneId zone, IdentityScope identityScope) {
        return Workload.ORG;
    }

    @Override
    public List<StoredDefinition> definitions(OrgScope scope, long generation) {
        return List.of();
    }

    @Override
    public OrgSettings activate(
            OrgScope scope, ZoneId zone, List<StoredDefinition> definitions, Consumer<KpiRebuild> backfill) {
        throw keptNothing();
    }

    @Override
    public List<StoredSource> sources(OrgScope scope) {
        return List.of();
    }

    @Override
    public void declareSource(OrgScope scope, String source, ConflictPolicy conflictPolicy, AuditEntry entry) {
        throw keptNothing();
    }

    @Override
    public void requireDeclaredSources(OrgScope scope, boolean required, AuditEntry entry) {
        throw keptNothing();
    }

    @Override
    public List<OrgId> all(SystemScope system) {
        return List.of();
    }

    @Override
    public <R> R snapshot(OrgScope scope, Function<KpiSnapshot, R> work) {
        throw keptNothing();
    }

    @Override
    public Compaction compact(OrgScope scope, int rows, long bytes, StateMerge merge) {
        return new Compaction(0, Compaction.End.NOTHING_LEFT);
    }

    @Override
    public List<OrgId> uncompacted(SystemScope system, @Nullable OrgId after, int limit) {
        return List.of();
    }

    @Override
    public Backlog backlog(OrgScope scope) {
        return Backlog.none(Instant.EPOCH);
    }

    @Override
    public Backlog backlog(SystemScope system) {
        return Backlog.none(Instant.EPOCH);
    }

    @Override
    public <R> R rebuild(OrgScope scope, Function<KpiRebuild, R> work) {
        throw keptNothing();
    }
}
