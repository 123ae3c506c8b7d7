package io.smartdata.storage;

import io.smartdata.SmartDataException;
import io.smartdata.tenancy.Fence;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** For tests only: leases, runs and effects in maps. Its caller sees to it that one transaction runs at a time. */
final class InMemoryJobStore implements JobStore {
    private final Object lock;
    private final Supplier<Instant> clock;
    private final Map<String, Lease> leases = new HashMap<>();
    private final Map<String, TreeMap<Instant, JobRun>> runs = new HashMap<>();
    private final Set<Effect> effects = new HashSet<>();

    private record Effect(String job, Instant slot, String unit) {
        static Effect of(Fence fence) {
            return new Effect(fence.job(), fence.slot(), fence.unit());
        }
    }

    /**
     * @param lock held by every transaction of the storage
     * @param clock stands for the database's
     */
    InMemoryJobStore(Object lock, Supplier<Instant> clock) {
        this.lock = lock;
        this.clock = clock;
    }

    /** Last thing in a transaction, before its copy replaces the org. */
    void check(OrgScope scope) {
        scope.fence().ifPresent(fence -> {
            requireNewest(fence.job(), fence.number());
            if (!effects.add(Effect.of(fence))) {
                throw new SmartDataException("effect_taken", "This was done for the slot already. Nothing was stored.");
            }
        });
    }

    private void requireNewest(String job, long number) {
        Lease newest = leases.get(job);
        if (newest == null || newest.fence() != number) {
            throw new SmartDataException("fenced_off", "Another node runs the job by now. Nothing was stored.");
        }
    }

    @Override
    public Instant now(SystemScope system) {
        return clock.get();
    }

    @Override
    public Optional<Lease> take(SystemScope system, String job, String owner, Duration length) {
        synchronized (lock) {
            Instant now = clock.get();
            Lease held = leases.get(job);
            if (held != null && held.until().isAfter(now)) {
                return Optional.empty();
            }
            return put(new Lease(job, owner, held == null ? 1 : held.fence() + 1, now.plus(length)));
        }
    }

    @Override
    public Optional<Lease> renew(SystemScope system, Lease lease, Duration length) {
        synchronized (lock) {
            Instant now = clock.get();
            return held(lease)
                    .filter(held -> held.until().isAfter(now))
                    .flatMap(held -> put(until(held, now.plus(length))));
        }
    }

    @Override
    public boolean release(SystemScope system, Lease lease) {
        synchronized (lock) {
            return held(lease)
                    .flatMap(held -> put(new Lease(held.job(), held.owner(), held.fence() + 1, Instant.EPOCH)))
                    .isPresent();
        }
    }

    private Optional<Lease> held(Lease lease) {
        return Optional.ofNullable(leases.get(lease.job()))
                .filter(held -> held.owner().equals(lease.owner()) && held.fence() == lease.fence());
    }

    private Optional<Lease> put(Lease lease) {
        leases.put(lease.job(), lease);
        return Optional.of(lease);
    }

    private static Lease until(Lease lease, Instant until) {
        return new Lease(lease.job(), lease.owner(), lease.fence(), until);
    }

    private TreeMap<Instant, JobRun> runs(String job) {
        return runs.computeIfAbsent(job, absent -> new TreeMap<>());
    }

    @Override
    public Optional<JobRun> unfinished(SystemScope system, String job) {
        synchronized (lock) {
            return runs(job).values().stream()
                    .filter(run -> run.status() == JobRun.Status.RUNNING)
                    .findFirst();
        }
    }

    @Override
    public Optional<JobRun> begin(SystemScope system, Lease lease, Instant slot) {
        synchronized (lock) {
            requireNewest(lease.job(), lease.fence());
            JobRun old = runs(lease.job()).get(slot);
            if (old != null && (old.status() != JobRun.Status.RUNNING || old.fence() >= lease.fence())) {
                return Optional.empty();
            }
            JobRun run = new JobRun(
                    lease.job(),
                    slot,
                    lease.owner(),
                    lease.fence(),
                    old == null ? 1 : old.attempt() + 1,
                    JobRun.Status.RUNNING,
                    old == null ? clock.get() : old.startedAt(),
                    null,
                    0,
                    null,
                    null);
            runs(lease.job()).put(slot, run);
            return Optional.of(run);
        }
    }

    @Override
    public Optional<JobRun> end(SystemScope system, JobRun run, JobRun.End end) {
        synchronized (lock) {
            Optional<JobRun> ended = Optional.ofNullable(runs(run.job()).get(run.slot()))
                    .filter(stored -> stored.status() == JobRun.Status.RUNNING && stored.fence() == run.fence())
                    .map(stored -> ended(stored, end));
            ended.ifPresent(changed -> runs(run.job()).put(run.slot(), changed));
            return ended;
        }
    }

    private JobRun ended(JobRun run, JobRun.End end) {
        return new JobRun(
                run.job(),
                run.slot(),
                run.owner(),
                run.fence(),
                run.attempt(),
                end.status(),
                run.startedAt(),
                clock.get(),
                end.processed(),
                end.errorCode(),
                end.errorMessage());
    }

    @Override
    public boolean done(SystemScope system, Fence fence) {
        synchronized (lock) {
            return effects.contains(Effect.of(fence));
        }
    }

    @Override
    public List<JobRun> history(SystemScope system, String job, int limit) {
        synchronized (lock) {
            return runs(job).descendingMap().values().stream().limit(limit).toList();
        }
    }

    @Override
    public int purge(SystemScope system, String job, int keep) {
        synchronized (lock) {
            Instant first = runs(job).descendingKeySet().stream()
                    .limit(keep)
                    .min(Comparator.naturalOrder())
                    .orElse(Instant.EPOCH);
            int before = runs(job).size();
            runs(job).headMap(first).values().removeIf(run -> run.status() != JobRun.Status.RUNNING);
            effects.removeIf(effect -> effect.job().equals(job) && !runs(job).containsKey(effect.slot()));
            return before - runs(job).size();
        }
    }
}
