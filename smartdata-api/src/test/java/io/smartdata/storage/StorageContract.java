package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.event.Outcome;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import io.smartdata.tenancy.SystemScope;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What the rooms of the storage contract share. An adapter extends {@link EventStoreContract}, {@link EventPagesContract},
 * {@link CorrectionContract}, {@link KpiStoreContract}, {@link OrgStoreContract}, {@link DeadLetterStoreContract}, {@link ResultStoreContract} and {@link JobStoreContract}. Needs JUnit and AssertJ.
 */
public abstract class StorageContract {
    /** States of the contract are whole numbers; merging adds them. */
    protected static final StateMerge ADD = (family, states) ->
            state(states.stream().mapToLong(StorageContract::number).sum());

    protected static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123456Z");

    private @Nullable Storage opened;
    private @Nullable SystemScope system;

    /** A storage without data, not yet opened. */
    protected abstract Storage newStorage() throws Exception;

    @BeforeEach
    final void openStorage() throws Exception {
        Storage storage = newStorage();
        storage.open(scope -> system = scope);
        opened = storage;
    }

    @AfterEach
    final void closeStorage() {
        storage().close();
    }

    protected final Storage storage() {
        return requireNonNull(opened);
    }

    protected final SystemScope system() {
        return requireNonNull(system);
    }

    /** Scope of an org that exists. */
    protected final OrgScope org(String name) {
        OrgScope scope = scope(name);
        storage().orgs().ensure(scope, ZoneOffset.UTC);
        return scope;
    }

    /** Scope of an org that nobody created. */
    protected static OrgScope scope(String name) {
        return OrgScope.request(
                AccessPolicy.singleOperator(),
                Caller.of("test"),
                OrgId.of(name),
                Permission.INGEST,
                Permission.OPERATE);
    }

    protected static Event.Builder event(String id) {
        return event(id, NOON);
    }

    protected static Event.Builder event(String id, Instant time) {
        return Event.named("order_placed", time).id(EventId.of(id)).source("shop");
    }

    /** A candidate whose fingerprint tells its content. */
    protected static EventCandidate candidate(Event event) {
        byte[] fingerprint = new byte[EventCandidate.FINGERPRINT_BYTES];
        ByteBuffer.wrap(fingerprint).putInt(event.toString().hashCode());
        return new EventCandidate(event, fingerprint, UUID.randomUUID());
    }

    protected final List<Outcome> append(OrgScope scope, Event... events) {
        List<EventCandidate> candidates =
                Arrays.stream(events).map(StorageContract::candidate).toList();
        return storage().events().append(scope, transaction -> transaction.insert(candidates));
    }

    protected final List<StoredEvent> scan(OrgScope scope) {
        List<StoredEvent> found = new ArrayList<>();
        storage().events().scan(scope, EventRange.all(), found::add);
        return found;
    }

    protected final List<KpiDelta> states(OrgScope scope) {
        return states(scope, CellRange.all());
    }

    protected final List<KpiDelta> states(OrgScope scope, CellRange range) {
        return storage().kpis().snapshot(scope, snapshot -> {
            List<KpiDelta> found = new ArrayList<>();
            snapshot.states(range, found::add);
            return found;
        });
    }

    protected final void add(OrgScope scope, KpiDelta... deltas) {
        storage().events().append(scope, transaction -> {
            transaction.addDeltas(transaction.org().generation(), List.of(deltas));
            return true;
        });
    }

    protected static KpiDelta delta(String family, String bucket, long number) {
        return new KpiDelta(new CellKey(family, bucket, "shop", ""), state(number));
    }

    protected static byte[] state(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    protected static long number(byte[] state) {
        return ByteBuffer.wrap(state).getLong();
    }
}
