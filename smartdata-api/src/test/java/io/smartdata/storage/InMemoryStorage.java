package io.smartdata.storage;

import io.smartdata.SmartDataException;
import io.smartdata.audit.AuditEntry;
import io.smartdata.audit.AuditQuery;
import io.smartdata.audit.AuditRecord;
import io.smartdata.event.ConflictPolicy;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.Event;
import io.smartdata.event.IdentityScope;
import io.smartdata.event.Outcome;
import io.smartdata.event.StoredEvent;
import io.smartdata.kpi.CellKey;
import io.smartdata.kpi.CellRange;
import io.smartdata.kpi.KpiDelta;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.OrgSettings;
import io.smartdata.tenancy.SystemScope;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * For tests only: everything in maps of one JVM, one transaction at a time, nothing durable. A transaction works on a copy
 * of its org that replaces the org when the work returns.
 */
public final class InMemoryStorage implements Storage {
    private final Clock clock;
    private final Map<OrgId, Org> orgs = new TreeMap<>(Comparator.comparing(OrgId::value));
    private final InMemoryAudit systemAudit = new InMemoryAudit();
    private final InMemoryJobStore jobs = new InMemoryJobStore(this, this::now);
    private final InMemoryExportStore exports = new InMemoryExportStore(this, this::now);

    public InMemoryStorage() {
        this(Clock.systemUTC());
    }

    /**
     * @param clock stands for the database's clock
     */
    public InMemoryStorage(Clock clock) {
        this.clock = clock;
    }

    private record EventKey(int day, String source, long high, long low) implements Comparable<EventKey> {
        private static final Comparator<EventKey> ORDER = Comparator.comparingInt(EventKey::day)
                .thenComparing(EventKey::source, InMemoryStorage::compareByCodePoint)
                .thenComparing(EventKey::high, Long::compareUnsigned)
                .thenComparing(EventKey::low, Long::compareUnsigned);

        @Override
        public int compareTo(EventKey other) {
            return ORDER.compare(this, other);
        }
    }

    private record EventRow(StoredEvent stored, byte[] fingerprint) {}

    private record KeyClaim(UUID receiptId, byte[] contentHash) {}

    private record Source(
            boolean declared,
            ConflictPolicy conflictPolicy,
            @Nullable Instant first,
            @Nullable Instant last) {
        static final Source UNKNOWN = new Source(false, ConflictPolicy.REJECT, null, null);

        Source declared(ConflictPolicy policy) {
            return new Source(true, policy, first, last);
        }

        Source received(Instant at) {
            return new Source(declared, conflictPolicy, first == null ? at : first, at);
        }
    }

    private record AddedDelta(KpiDelta delta, UUID batch, Instant addedAt) {}

    /** Everything of one org. */
    static final class Org {
        private OrgSettings settings;
        private final TreeMap<EventKey, EventRow> events = new TreeMap<>();
        /** By keys of day 0; only where ids are taken forever. */
        private final TreeMap<EventKey, EventRow> forever = new TreeMap<>();

        /** Every row that was ever stored, in the order they came. */
        private final List<EventRow> arrivals = new ArrayList<>();

        private final Map<UUID, StoredReceipt> receipts = new HashMap<>();
        private final Map<String, KeyClaim> claims = new HashMap<>();
        private final Map<UUID, StoredDeadLetter> letters = new HashMap<>();
        private final Map<Long, List<StoredDefinition>> definitions = new HashMap<>();
        private final Map<Long, List<AddedDelta>> deltas = new HashMap<>();
        private final Map<Long, Map<CellKey, KpiDelta>> cells = new HashMap<>();
        private final TreeMap<String, Source> sources = new TreeMap<>(InMemoryStorage::compareByCodePoint);
        private boolean declaredSources;
        private final Set<ByteBuffer> tombstones = new HashSet<>();
        final InMemoryAudit audit = new InMemoryAudit();
        final InMemoryResults.Answers answers = new InMemoryResults.Answers();

        Org(OrgSettings settings) {
            this.settings = settings;
        }

        Org copy() {
            Org copy = new Org(settings);
            copy.events.putAll(events);
            copy.forever.putAll(forever);
            copy.arrivals.addAll(arrivals);
            copy.receipts.putAll(receipts);
            copy.claims.putAll(claims);
            copy.letters.putAll(letters);
            copy.definitions.putAll(definitions);
            deltas.forEach((generation, list) -> copy.deltas.put(generation, new ArrayList<>(list)));
            cells.forEach((generation, map) -> copy.cells.put(generation, new HashMap<>(map)));
            copy.sources.putAll(sources);
            copy.declaredSources = declaredSources;
            copy.tombstones.addAll(tombstones);
            copy.audit.addAll(audit);
            copy.answers.putAll(answers);
            return copy;
        }
    }

    @Override
    public void open(Consumer<SystemScope> system) {
        system.accept(SystemScope.mint());
    }

    @Override
    public void close() {
        // nothing is open
    }

    synchronized <R> R change(OrgScope scope, Function<Org, R> work) {
        Org copy = existing(scope).copy();
        R result = work.apply(copy);
        jobs.check(scope);
        orgs.put(scope.org(), copy);
        return result;
    }

    /** As {@link #change} for what may be repeated and so is no effect of a job. */
    private synchronized <R> R repeatable(OrgScope scope, Function<Org, R> work) {
        Org copy = existing(scope).copy();
        R result = work.apply(copy);
        orgs.put(scope.org(), copy);
        return result;
    }

    private synchronized <R> R look(OrgScope scope, Function<Org, R> work) {
        return work.apply(existing(scope).copy());
    }

    private synchronized <R> R lookOr(OrgScope scope, Function<Org, R> work, R absent) {
        return orgs.containsKey(scope.org()) ? look(scope, work) : absent;
    }

    private Org existing(OrgScope scope) {
        Org org = orgs.get(scope.org());
        if (org == null) {
            throw new SmartDataException("unknown_org", "This org has no data here. Create it first.");
        }
        return org;
    }

    Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }

    /** As databases compare UTF-8 bytes. */
    static int compareByCodePoint(String a, String b) {
        return Arrays.compare(a.codePoints().toArray(), b.codePoints().toArray());
    }

    @Override
    public EventStore events() {
        return new EventStore() {
            @Override
            public <R> R append(OrgScope scope, AppendWork<R> work) {
                return change(scope, org -> work.run(new Append(org, scope.caller(), now())));
            }

            @Override
            public <R> R append(OrgScope scope, HostTransaction host, AppendWork<R> work) {
                throw new IllegalArgumentException("The in-memory store has no host transactions");
            }

            @Override
            public <R> R correct(OrgScope scope, CorrectionWork<R> work) {
                return change(scope, org -> work.run(new InMemoryCorrection(org, scope.caller(), now())));
            }

            @Override
            public void scan(OrgScope scope, EventRange range, Consumer<StoredEvent> sink) {
                lookOr(scope, org -> eventsOf(org, range), List.<StoredEvent>of())
                        .forEach(sink);
            }

            @Override
            public EventPage page(OrgScope scope, EventPageQuery query) {
                return lookOr(scope, org -> pageOf(org, query), new EventPage(List.of(), null));
            }

            @Override
            public ArrivalPage arrivals(OrgScope scope, ArrivalQuery query) {
                return lookOr(scope, org -> arrivalsOf(org, query), new ArrivalPage(List.of(), query.after(), false));
            }

            @Override
            public ArrivalPosition lastArrival(OrgScope scope) {
                return lookOr(scope, org -> new ArrivalPosition(org.arrivals.size(), 0), ArrivalPosition.START);
            }

            @Override
            public Optional<StoredReceipt> receipt(OrgScope scope, UUID id) {
                return lookOr(scope, org -> Optional.ofNullable(org.receipts.get(id)), Optional.empty());
            }
        };
    }

    private static EventKey keyOf(Event event) {
        return keyOf(EventPosition.of(event));
    }

    private static EventKey keyOf(EventPosition position) {
        return new EventKey(
                (int) position.day().toEpochDay(),
                position.source(),
                position.id().high(),
                position.id().low());
    }

    private static EventPage pageOf(Org org, EventPageQuery query) {
        EventPosition after = query.after();
        Collection<EventRow> behind = after == null
                ? org.events.values()
                : org.events.tailMap(keyOf(after), false).values();
        List<StoredEvent> events = new ArrayList<>();
        int looked = 0;
        for (EventRow row : behind) {
            looked++;
            if (query.filter().accepts(row.stored())) {
                events.add(row.stored());
            }
            if (events.size() == query.limit() || looked == query.looked()) {
                return new EventPage(events, EventPosition.of(row.stored().event()));
            }
        }
        return new EventPage(events, null);
    }

    /** A piece is one event. */
    private static ArrivalPage arrivalsOf(Org org, ArrivalQuery query) {
        List<StoredEvent> events = new ArrayList<>();
        int place = (int) query.after().piece();
        int looked = 0;
        while (place < org.arrivals.size() && events.size() < query.limit() && looked < query.looked()) {
            EventRow row = org.arrivals.get(place);
            place++;
            looked++;
            if (org.events.get(keyOf(row.stored().event())) == row
                    && query.filter().accepts(row.stored())) {
                events.add(row.stored());
            }
        }
        return new ArrivalPage(events, new ArrivalPosition(place, 0), place < org.arrivals.size());
    }

    private static List<StoredEvent> eventsOf(Org org, EventRange range) {
        return org.events.values().stream()
                .map(EventRow::stored)
                .filter(stored -> {
                    Instant time = stored.event().occurredAt();
                    return !time.isBefore(range.from())
                            && time.isBefore(range.to())
                            && (range.source() == null
                                    || range.source().equals(stored.event().source()));
                })
                .toList();
    }

    /** Writes to the copy of an org. */
    private static class Append implements AppendTransaction {
        final Org copy;
        private final Caller caller;
        private final Instant receivedAt;

        Append(Org copy, Caller caller, Instant receivedAt) {
            this.copy = copy;
            this.caller = caller;
            this.receivedAt = receivedAt;
        }

        @Override
        public Instant receivedAt() {
            return receivedAt;
        }

        @Override
        public OrgSettings org() {
            return copy.settings;
        }

        @Override
        public boolean provisional() {
            return false;
        }

        @Override
        public Optional<StoredReceipt> claim(UUID receiptId, String key, byte[] contentHash) {
            KeyClaim claim = copy.claims.get(key);
            if (claim != null && !Arrays.equals(claim.contentHash(), contentHash)) {
                throw new SmartDataException("idempotency_key_reused", "This key was used with other content.");
            }
            StoredReceipt receipt = claim == null ? null : copy.receipts.get(claim.receiptId());
            if (receipt != null && receipt.complete()) {
                return Optional.of(receipt);
            }
            copy.claims.put(key, new KeyClaim(receiptId, contentHash));
            return Optional.empty();
        }

        @Override
        public boolean requiresDeclaredSources() {
            return copy.declaredSources;
        }

        @Override
        public Set<String> undeclared(Set<String> sources) {
            return sources.stream()
                    .filter(source ->
                            !copy.sources.getOrDefault(source, Source.UNKNOWN).declared())
                    .collect(Collectors.toSet());
        }

        @Override
        public ConflictPolicy conflictPolicy(String source) {
            return copy.sources.getOrDefault(source, Source.UNKNOWN).conflictPolicy();
        }

        @Override
        public boolean hasTombstones() {
            return !copy.tombstones.isEmpty();
        }

        @Override
        public BitSet tombstoned(List<byte[]> keyHashes) {
            BitSet found = new BitSet();
            for (int i = 0; i < keyHashes.size(); i++) {
                found.set(i, copy.tombstones.contains(ByteBuffer.wrap(keyHashes.get(i))));
            }
            return found;
        }

        @Override
        public List<Outcome> insert(List<EventCandidate> events) {
            return events.stream().map(this::insert).toList();
        }

        private Outcome insert(EventCandidate candidate) {
            var event = candidate.event();
            int day = (int)
                    event.occurredAt().atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay();
            EventKey key = new EventKey(
                    day, event.source(), event.id().high(), event.id().low());
            EventRow row =
                    new EventRow(new StoredEvent(event, receivedAt, candidate.receiptId()), candidate.fingerprint());
            EventRow stored = copy.events.putIfAbsent(key, row);
            if (copy.settings.identityScope() == IdentityScope.FOREVER) {
                EventRow first = copy.forever.putIfAbsent(new EventKey(0, key.source(), key.high(), key.low()), row);
                if (first != null && stored == null) {
                    copy.events.remove(key);
                    stored = first;
                }
            }
            if (stored != null) {
                return Arrays.equals(stored.fingerprint(), candidate.fingerprint())
                        ? Outcome.DUPLICATE
                        : Outcome.CONFLICT;
            }
            copy.arrivals.add(row);
            copy.sources.put(
                    event.source(),
                    copy.sources.getOrDefault(event.source(), Source.UNKNOWN).received(receivedAt));
            return Outcome.ACCEPTED;
        }

        @Override
        public void addDeltas(long generation, List<KpiDelta> deltas) {
            UUID batch = UUID.randomUUID();
            List<AddedDelta> queue = copy.deltas.computeIfAbsent(generation, absent -> new ArrayList<>());
            deltas.forEach(delta -> queue.add(new AddedDelta(delta, batch, receivedAt)));
        }

        @Override
        public long openDeadLetters(long limit) {
            return copy.letters.values().stream()
                    .filter(letter -> letter.letter().status() == DeadLetter.Status.OPEN)
                    .limit(limit)
                    .count();
        }

        @Override
        public void addDeadLetters(List<StoredDeadLetter> letters) {
            InMemoryDeadLetters.add(copy.letters, letters, receivedAt);
        }

        @Override
        public Optional<DeadLetter> lockDeadLetter(UUID id) {
            return Optional.ofNullable(copy.letters.get(id)).map(StoredDeadLetter::letter);
        }

        @Override
        public void settleDeadLetter(UUID id, DeadLetter.Status status) {
            InMemoryDeadLetters.settle(copy.letters, id, status);
        }

        @Override
        public long discardDeadLetters(DeadLetterFilter filter, String note) {
            return InMemoryDeadLetters.discard(copy.letters, filter, note);
        }

        @Override
        public long reopenDeadLetters(DeadLetterFilter filter) {
            return InMemoryDeadLetters.reopen(copy.letters, filter);
        }

        @Override
        public void putReceipt(StoredReceipt receipt) {
            copy.receipts.put(receipt.id(), receipt);
        }

        @Override
        public void audit(AuditEntry entry) {
            copy.audit.add(receivedAt, caller, entry);
        }
    }

    static boolean isAnyOr(@Nullable Object wanted, Object actual) {
        return wanted == null || wanted.equals(actual);
    }

    /** Changes the copy of an org. */
    private static final class InMemoryCorrection extends Append implements Correction {
        private final Cells cells;

        InMemoryCorrection(Org copy, Caller caller, Instant receivedAt) {
            super(copy, caller, receivedAt);
            this.cells = new Cells(copy, copy.settings, caller, receivedAt);
        }

        @Override
        public void selected(EventSelection selection, Consumer<StoredEvent> sink) {
            List.copyOf(copy.events.values()).stream()
                    .map(EventRow::stored)
                    .filter(stored -> isSelected(selection, stored))
                    .forEach(sink);
        }

        @Override
        public long delete(EventSelection selection) {
            int before = copy.events.size();
            copy.events.values().removeIf(row -> isSelected(selection, row.stored()));
            copy.forever.values().removeIf(row -> isSelected(selection, row.stored()));
            return before - copy.events.size();
        }

        private static boolean isSelected(EventSelection selection, StoredEvent stored) {
            Event event = stored.event();
            return isAnyOr(selection.receiptId(), stored.receiptId())
                    && isAnyOr(selection.source(), event.source())
                    && isAnyOr(selection.name(), event.name())
                    && (selection.subject() == null || selection.subject().equals(event.subject()))
                    && (selection.ids().isEmpty() || selection.ids().contains(event.id()))
                    && !event.occurredAt().isBefore(selection.from())
                    && event.occurredAt().isBefore(selection.to());
        }

        @Override
        public void addTombstones(List<byte[]> keyHashes) {
            keyHashes.forEach(hash -> copy.tombstones.add(ByteBuffer.wrap(hash)));
        }

        @Override
        public void freeIdempotencyKeys(Set<UUID> receiptIds) {
            copy.claims.values().removeIf(claim -> receiptIds.contains(claim.receiptId()));
        }

        @Override
        public void replaceCells(Set<CellKey> keys, List<KpiDelta> replaced) {
            cells.queue().removeIf(added -> keys.contains(added.delta().key()));
            cells.cells().keySet().removeAll(keys);
            replaced.forEach(cell -> cells.cells().put(cell.key(), cell));
        }

        @Override
        public Instant dataFreshAsOf() {
            return cells.dataFreshAsOf();
        }

        @Override
        public List<StoredDefinition> definitions() {
            return cells.definitions();
        }

        @Override
        public void states(CellRange range, Consumer<KpiDelta> sink) {
            cells.states(range, sink);
        }

        @Override
        public void activity(CellRange range, BiConsumer<String, String> sink) {
            cells.activity(range, sink);
        }

        @Override
        public Set<String> families() {
            return cells.families();
        }

        @Override
        public CellRange span() {
            return cells.span();
        }

        @Override
        public void events(EventRange range, Consumer<Event> sink) {
            cells.events(range, sink);
        }

        @Override
        public EventPage page(EventPageQuery query) {
            return cells.page(query);
        }
    }

    @Override
    public KpiStore kpis() {
        return new KpiStore() {
            @Override
            public <R> R snapshot(OrgScope scope, Function<KpiSnapshot, R> work) {
                return look(scope, org -> work.apply(new Cells(org, org.settings, scope.caller(), now())));
            }

            @Override
            public Compaction compact(OrgScope scope, int rows, long bytes, StateMerge merge) {
                return lookOr(scope, org -> true, false)
                        ? repeatable(scope, org -> compactOf(org, rows, bytes, merge))
                        : new Compaction(0, Compaction.End.NOTHING_LEFT);
            }

            @Override
            public List<OrgId> uncompacted(SystemScope system, @Nullable OrgId after, int limit) {
                synchronized (InMemoryStorage.this) {
                    return orgs.entrySet().stream()
                            .filter(entry -> !entry.getValue()
                                    .deltas
                                    .getOrDefault(entry.getValue().settings.generation(), List.of())
                                    .isEmpty())
                            .map(Map.Entry::getKey)
                            .filter(org -> after == null || org.value().compareTo(after.value()) > 0)
                            .limit(limit)
                            .toList();
                }
            }

            @Override
            public Backlog backlog(OrgScope scope) {
                return lookOr(scope, org -> backlogOf(org.deltas.values().stream()), backlogOf(Stream.of()));
            }

            @Override
            public Backlog backlog(SystemScope system) {
                synchronized (InMemoryStorage.this) {
                    return backlogOf(orgs.values().stream().flatMap(org -> org.deltas.values().stream()));
                }
            }

            private Backlog backlogOf(Stream<List<AddedDelta>> queues) {
                List<AddedDelta> waiting = queues.flatMap(List::stream).toList();
                return new Backlog(
                        waiting.stream().map(AddedDelta::batch).distinct().count(),
                        waiting.stream()
                                .map(AddedDelta::addedAt)
                                .min(Comparator.naturalOrder())
                                .orElse(null),
                        now());
            }

            @Override
            public <R> R rebuild(OrgScope scope, Function<KpiRebuild, R> work) {
                return change(scope, org -> work.apply(new Cells(org, org.settings, scope.caller(), now())));
            }
        };
    }

    /** The oldest first: deltas are kept in the order they came. */
    private static Compaction compactOf(Org org, int rows, long bytes, StateMerge merge) {
        List<AddedDelta> deltas = org.deltas.getOrDefault(org.settings.generation(), new ArrayList<>());
        Map<CellKey, KpiDelta> cells = org.cells.computeIfAbsent(org.settings.generation(), absent -> new HashMap<>());
        int taken = 0;
        for (long size = 0; taken < deltas.size() && taken < rows; taken++) {
            KpiDelta delta = deltas.get(taken).delta();
            size += delta.state().length;
            if (size > bytes && taken > 0) {
                break;
            }
            cells.merge(
                    delta.key(),
                    delta,
                    (cell, added) -> new KpiDelta(
                            cell.key(), merge.merge(cell.key().family(), List.of(cell.state(), added.state()))));
        }
        deltas.subList(0, taken).clear();
        return new Compaction(taken, deltas.isEmpty() ? Compaction.End.NOTHING_LEFT : Compaction.End.FULL);
    }

    /** Cells of one generation of the copy of an org. */
    private record Cells(Org copy, OrgSettings org, Caller caller, Instant dataFreshAsOf) implements KpiRebuild {
        @Override
        public List<StoredDefinition> definitions() {
            return copy.definitions.getOrDefault(org.generation(), List.of());
        }

        private List<AddedDelta> queue() {
            return copy.deltas.computeIfAbsent(org.generation(), absent -> new ArrayList<>());
        }

        private Map<CellKey, KpiDelta> cells() {
            return copy.cells.computeIfAbsent(org.generation(), absent -> new HashMap<>());
        }

        @Override
        public void states(CellRange range, Consumer<KpiDelta> sink) {
            List<KpiDelta> all = new ArrayList<>(cells().values());
            queue().forEach(added -> all.add(added.delta()));
            all.stream()
                    .filter(delta -> within(range, delta.key()))
                    .sorted(Comparator.comparing(KpiDelta::key))
                    .toList()
                    .forEach(sink);
        }

        @Override
        public void activity(CellRange range, BiConsumer<String, String> sink) {
            Map<String, Set<String>> sources = new TreeMap<>();
            states(
                    range,
                    state -> sources.computeIfAbsent(state.key().bucket(), bucket -> new HashSet<>())
                            .add(state.key().source()));
            sources.forEach((bucket, all) -> all.forEach(source -> sink.accept(bucket, source)));
        }

        @Override
        public Set<String> families() {
            List<KpiDelta> all = new ArrayList<>(cells().values());
            queue().forEach(added -> all.add(added.delta()));
            return all.stream().map(delta -> delta.key().family()).collect(Collectors.toSet());
        }

        @Override
        public CellRange span() {
            List<LocalDate> days = new ArrayList<>();
            copy.events.keySet().forEach(key -> {
                days.add(LocalDate.ofEpochDay(key.day()).minusDays(1));
                days.add(LocalDate.ofEpochDay(key.day()).plusDays(1));
            });
            states(
                    CellRange.all(),
                    state -> days.add(LocalDate.parse(state.key().bucket().substring(0, "yyyy-MM-dd".length()))));
            return days.isEmpty()
                    ? CellRange.days(CellRange.FIRST_DAY, CellRange.FIRST_DAY)
                    : CellRange.days(
                            Collections.min(days), Collections.max(days).plusDays(1));
        }

        @Override
        public void events(EventRange range, Consumer<Event> sink) {
            eventsOf(copy, range).forEach(stored -> sink.accept(stored.event()));
        }

        @Override
        public EventPage page(EventPageQuery query) {
            return pageOf(copy, query);
        }

        @Override
        public void replace(CellRange range, List<KpiDelta> cells) {
            queue().removeIf(added -> within(range, added.delta().key()));
            cells().keySet().removeIf(key -> within(range, key));
            cells.forEach(cell -> cells().put(cell.key(), cell));
        }

        @Override
        public void audit(AuditEntry entry) {
            copy.audit.add(dataFreshAsOf, caller, entry);
        }

        private static boolean within(CellRange range, CellKey key) {
            return (range.family() == null || range.family().equals(key.family()))
                    && (range.source() == null || range.source().equals(key.source()))
                    && key.bucket().compareTo(range.fromBucket()) >= 0
                    && key.bucket().compareTo(range.toBucket()) < 0;
        }
    }

    @Override
    public JobStore jobs() {
        return jobs;
    }

    @Override
    public OrgStore orgs() {
        return new OrgStore() {
            @Override
            public Optional<OrgSettings> find(OrgScope scope) {
                return lookOr(scope, org -> Optional.of(org.settings), Optional.empty());
            }

            @Override
            public OrgSettings ensure(OrgScope scope, ZoneId zone, IdentityScope identityScope) {
                synchronized (InMemoryStorage.this) {
                    return orgs.computeIfAbsent(scope.org(), org -> new Org(created(org, zone, identityScope)))
                            .settings;
                }
            }

            @Override
            public List<StoredDefinition> definitions(OrgScope scope, long generation) {
                return lookOr(scope, org -> org.definitions.getOrDefault(generation, List.of()), List.of());
            }

            @Override
            public OrgSettings activate(
                    OrgScope scope, ZoneId zone, List<StoredDefinition> definitions, Consumer<KpiRebuild> backfill) {
                return change(scope, org -> {
                    OrgSettings old = org.settings;
                    OrgSettings next = old.nextGeneration(zone);
                    org.definitions.put(
                            next.generation(),
                            definitions.stream()
                                    .sorted(Comparator.comparing(
                                            StoredDefinition::name, InMemoryStorage::compareByCodePoint))
                                    .toList());
                    backfill.accept(new Cells(org, next, scope.caller(), now()));
                    org.deltas.remove(old.generation());
                    org.cells.remove(old.generation());
                    org.definitions.remove(old.generation());
                    org.answers.clearDerived();
                    org.settings = next;
                    return next;
                });
            }

            @Override
            public List<StoredSource> sources(OrgScope scope) {
                return lookOr(
                        scope,
                        org -> org.sources.entrySet().stream()
                                .map(source -> new StoredSource(
                                        source.getKey(),
                                        source.getValue().declared(),
                                        source.getValue().conflictPolicy(),
                                        source.getValue().first(),
                                        source.getValue().last()))
                                .toList(),
                        List.of());
            }

            @Override
            public void declareSource(OrgScope scope, String source, ConflictPolicy conflictPolicy, AuditEntry entry) {
                change(scope, org -> {
                    org.sources.put(
                            source,
                            org.sources.getOrDefault(source, Source.UNKNOWN).declared(conflictPolicy));
                    org.audit.add(now(), scope.caller(), entry);
                    return true;
                });
            }

            @Override
            public void requireDeclaredSources(OrgScope scope, boolean required, AuditEntry entry) {
                change(scope, org -> {
                    org.declaredSources = required;
                    org.audit.add(now(), scope.caller(), entry);
                    return true;
                });
            }

            @Override
            public List<OrgId> all(SystemScope system) {
                synchronized (InMemoryStorage.this) {
                    return List.copyOf(orgs.keySet());
                }
            }
        };
    }

    @Override
    public AuditStore audit() {
        return new AuditStore() {
            @Override
            public void add(OrgScope scope, AuditEntry entry) {
                change(scope, org -> org.audit.add(now(), scope.caller(), entry));
            }

            @Override
            public List<AuditRecord> list(OrgScope scope, AuditQuery query) {
                return lookOr(scope, org -> org.audit.list(query), List.of());
            }

            @Override
            public void addAcross(
                    SystemScope scope, Caller caller, Set<OrgId> read, AuditEntry entry, AuditEntry system) {
                synchronized (InMemoryStorage.this) {
                    read.forEach(org -> existing(scope.org(org)).audit.add(now(), caller, entry));
                    systemAudit.add(now(), caller, system);
                }
            }

            @Override
            public List<AuditRecord> listAcross(SystemScope scope, AuditQuery query) {
                synchronized (InMemoryStorage.this) {
                    return systemAudit.list(query);
                }
            }
        };
    }

    private static OrgSettings created(OrgId org, ZoneId zone, IdentityScope identityScope) {
        byte[] hashKey = new byte[32];
        new SecureRandom().nextBytes(hashKey);
        return new OrgSettings(org, zone, 1, Instant.EPOCH, hashKey, identityScope);
    }

    @Override
    public ExportStore exports() {
        return exports;
    }

    @Override
    public DeadLetterStore deadLetters() {
        return new InMemoryDeadLetters(this);
    }

    /** Looks at the letters of an org; at none if there is no such org. */
    <R> R letters(OrgScope scope, Function<Map<UUID, StoredDeadLetter>, R> work) {
        return lookOr(scope, org -> work.apply(org.letters), work.apply(Map.of()));
    }

    @Override
    public ResultStore results() {
        return new InMemoryResults(this);
    }

    /** Looks at what was derived from the events of an org; at nothing if there is no such org. */
    <R> R answers(OrgScope scope, Function<InMemoryResults.Answers, R> work) {
        return lookOr(scope, org -> work.apply(org.answers), work.apply(new InMemoryResults.Answers()));
    }

    /** As {@link #answers}, of all orgs. */
    synchronized <R> R answersOfAll(Function<Stream<InMemoryResults.Answers>, R> work) {
        return work.apply(orgs.values().stream().map(org -> org.answers));
    }
}
