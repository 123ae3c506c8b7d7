package io.smartdata.core.jobs;

import io.smartdata.SmartDataException;
import io.smartdata.event.Event;
import io.smartdata.event.EventId;
import io.smartdata.storage.EventCandidate;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.JobRun;
import io.smartdata.storage.Lease;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Five nodes on one store, in one thread and in virtual time: a seed decides who moves next, who freezes (between pieces, or
 * within one just before it writes), whose clock jumps, who crashes, which call of the store fails before or after its
 * commit, and when the store is away altogether. The nodes run the real code; the effects of a slot are events, each with an id of its own, so that a second one is
 * seen. After a while the faults end and what was begun must come to its end.
 */
final class JobSimulation {
    private static final int NODES = 5;
    private static final int SLOTS = 20;
    private static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant FAULTS_END = START.plus(INTERVAL.multipliedBy(SLOTS));
    private static final Instant END = FAULTS_END.plus(INTERVAL.multipliedBy(8));
    private static final JobSettings SETTINGS = JobSettings.defaults().withLease(Duration.ofSeconds(8));
    private static final List<OrgId> ORGS = List.of(OrgId.of("acme"), OrgId.of("globex"));
    private static final List<String> UNITS = List.of("a", "b", "c");

    private final Random random;
    private final boolean fenced;
    private final List<SystemScope> minted = new ArrayList<>();
    private final Storage store;
    private final Job job;
    private final List<Node> nodes = new ArrayList<>();
    private Instant now = START;
    private Instant leaseEnds = START;
    private Instant storeAwayUntil = START;
    private int nested;
    private final Result result = new Result();

    /** What a simulation saw. */
    static final class Result {
        int slots;
        /** Units of a slot with more than one effect. */
        int doubled;
        /** Units that a run which ended left out, runs that never ended, and slots nobody began who could. */
        int missed;
        /** Writes of a node that had lost its lease or came second, refused by the store. */
        int refused;
        /** Slots that passed while nobody could begin them. */
        int passed;

        int takenOver;

        void add(Result other) {
            slots += other.slots;
            doubled += other.doubled;
            missed += other.missed;
            refused += other.refused;
            passed += other.passed;
            takenOver += other.takenOver;
        }
    }

    /**
     * @param fenced false to see what happens without the fence
     */
    JobSimulation(long seed, boolean fenced) {
        this.random = new Random(seed);
        this.fenced = fenced;
        this.store = new InMemoryStorage(new VirtualClock());
        store.open(minted::add);
        ORGS.forEach(org -> store.orgs().ensure(system().org(org), ZoneOffset.UTC));
        this.job = Job.named("simulated")
                .every(INTERVAL)
                .perOrg((context, org) ->
                        UNITS.stream().map(unit -> piece(context, unit)).iterator());
        for (int i = 0; i < NODES; i++) {
            nodes.add(new Node());
        }
    }

    private SystemScope system() {
        return minted.get(0);
    }

    /** The database's. */
    private final class VirtualClock extends Clock {
        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    private JobPiece piece(JobContext context, String unit) {
        JobPiece.Effect effect = scope -> {
            freezeWithin();
            write(context.slot(), unit, scope);
            return 1;
        };
        return fenced ? JobPiece.once(unit, effect) : JobPiece.repeatable(effect);
    }

    private void write(Instant slot, String unit, OrgScope scope) {
        Node writer = requireActing();
        Event event = Event.named(unit, slot)
                .id(EventId.of(new UUID(random.nextLong(), random.nextLong()).toString()))
                .source("job")
                .build();
        EventCandidate candidate =
                new EventCandidate(event, new byte[EventCandidate.FINGERPRINT_BYTES], new UUID(0, 0));
        try {
            writer.view.events().append(scope, transaction -> transaction.insert(List.of(candidate)));
        } catch (SmartDataException e) {
            result.refused += Set.of("fenced_off", "effect_taken").contains(e.code()) ? 1 : 0;
            throw e;
        }
    }

    private @Nullable Node acting;

    private Node requireActing() {
        if (acting == null) {
            throw new IllegalStateException("nobody acts");
        }
        return acting;
    }

    /** While this node stands still in the middle of a piece, the others go on. */
    private void freezeWithin() {
        if (!faulty() || nested > 2 || !chance(0.02)) {
            return;
        }
        Node frozen = requireActing();
        boolean busyBefore = frozen.stuck;
        frozen.stuck = true;
        nested++;
        Instant wake = now.plus(seconds(20));
        while (now.isBefore(wake)) {
            move();
        }
        nested--;
        frozen.stuck = busyBefore;
        acting = frozen;
    }

    private boolean faulty() {
        return now.isBefore(FAULTS_END);
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private Duration seconds(int most) {
        return Duration.ofMillis(random.nextInt(1000 * most));
    }

    Result run() {
        while (now.isBefore(END)) {
            move();
        }
        count();
        return result;
    }

    /** Time passes and some node does something. */
    private void move() {
        now = now.plusMillis(random.nextInt(200));
        Node node = nodes.get(random.nextInt(NODES));
        if (!node.stuck) {
            acting = node;
            node.act();
        }
    }

    /** One process. */
    private final class Node {
        private Storage view = store;
        private JobNode jobs = started();
        private @Nullable RunningJob running;
        private Instant standsUntil = START;
        private Duration clockOff = Duration.ZERO;
        /** In the middle of a piece, on the stack. */
        private boolean stuck;

        private boolean failed;

        private JobNode started() {
            view = FaultyStorage.of(store, this::fault, JobSimulation.this::committed);
            return new JobNode(
                    view, system(), new UUID(random.nextLong(), random.nextLong()).toString(), SETTINGS, this::nanos);
        }

        private long nanos() {
            return Duration.between(START, now).plus(clockOff).toNanos();
        }

        private FaultyStorage.Fault fault() {
            FaultyStorage.Fault fault = !faulty() ? FaultyStorage.Fault.NONE : randomFault();
            failed |= fault != FaultyStorage.Fault.NONE;
            return fault;
        }

        private FaultyStorage.Fault randomFault() {
            if (chance(0.0002)) {
                storeAwayUntil = now.plus(seconds(90));
            }
            if (now.isBefore(storeAwayUntil)) {
                return FaultyStorage.Fault.BEFORE;
            }
            if (chance(0.985)) {
                return FaultyStorage.Fault.NONE;
            }
            return chance(0.5) ? FaultyStorage.Fault.BEFORE : FaultyStorage.Fault.AFTER;
        }

        void act() {
            if (now.isBefore(standsUntil) && faulty()) {
                return;
            }
            if (faulty() && chance(0.004)) {
                standsUntil = now.plus(seconds(40));
            } else if (faulty() && chance(0.002)) {
                crash();
            } else if (faulty() && chance(0.002)) {
                clockOff = clockOff.plus(Duration.ofSeconds(random.nextInt(1200) - 600));
            } else if (running == null) {
                claim();
            } else {
                goOn(running);
            }
        }

        private void crash() {
            running = null;
            standsUntil = now.plus(seconds(20));
            jobs = started();
        }

        /** As the scheduler does: what fails is tried again later. A healthy node must not overlook what is due. */
        private void claim() {
            Instant slot = job.schedule().latest(now).orElseThrow();
            boolean free = leaseIsFree()
                    && store.jobs().unfinished(system(), job.name()).isEmpty();
            failed = false;
            try {
                running = jobs.claim(job, jobs.now()).orElse(null);
            } catch (SmartDataException e) {
                running = null;
            }
            if (free && !failed && !begun(slot)) {
                result.missed++;
            }
        }

        /** As a thread of the scheduler does. */
        private void goOn(RunningJob run) {
            if (run.step()) {
                run.heartbeat();
            } else {
                running = null;
                run.finish();
            }
        }
    }

    /** Who holds the lease, learnt from what the store answered. */
    private void committed(String call, Object answer) {
        if (answer instanceof Optional<?> some && some.orElse(null) instanceof Lease lease) {
            leaseEnds = lease.until();
        } else if (call.equals("release") && answer.equals(true)) {
            leaseEnds = START;
        }
    }

    private boolean leaseIsFree() {
        return !leaseEnds.isAfter(now);
    }

    private boolean begun(Instant slot) {
        return store.jobs().history(system(), job.name(), 2).stream()
                .anyMatch(run -> run.slot().equals(slot));
    }

    private void count() {
        Map<Instant, Map<String, Integer>> effects = effects();
        Map<Instant, JobRun> runs = new HashMap<>();
        store.jobs().history(system(), job.name(), Integer.MAX_VALUE).forEach(run -> runs.put(run.slot(), run));
        Set<Instant> slots = new HashSet<>();
        for (Instant slot = START; slot.isBefore(END.minus(INTERVAL)); slot = slot.plus(INTERVAL)) {
            slots.add(slot);
        }
        result.slots = slots.size();
        for (Instant slot : slots) {
            JobRun run = runs.get(slot);
            Map<String, Integer> units = effects.getOrDefault(slot, Map.of());
            result.doubled +=
                    (int) units.values().stream().filter(count -> count > 1).count();
            if (run == null) {
                result.passed++;
            } else {
                result.takenOver += run.attempt() > 1 ? 1 : 0;
                boolean whole = run.status() == JobRun.Status.DONE && units.size() == ORGS.size() * UNITS.size();
                result.missed += whole ? 0 : 1;
            }
        }
    }

    private Map<Instant, Map<String, Integer>> effects() {
        Map<Instant, Map<String, Integer>> effects = new HashMap<>();
        for (OrgId org : ORGS) {
            store.events()
                    .scan(
                            system().org(org),
                            EventRange.all(),
                            stored -> effects.computeIfAbsent(stored.event().occurredAt(), slot -> new HashMap<>())
                                    .merge(org + " " + stored.event().name(), 1, Integer::sum));
        }
        return effects;
    }
}
