package io.smartdata.storage;

import io.smartdata.storage.ExportJob.Status;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** For tests only: exports in a map, in the order they were asked for. */
final class InMemoryExportStore implements ExportStore {
    private final Object lock;
    private final Supplier<Instant> clock;
    private final Map<UUID, Entry> entries = new LinkedHashMap<>();

    /** An export with its chunks; may be taken from {@code notBefore} on. */
    private static final class Entry {
        private final OrgId org;
        private final List<byte[]> chunks = new ArrayList<>();
        private ExportJob job;
        private Instant notBefore;

        Entry(OrgId org, ExportJob job) {
            this.org = org;
            this.job = job;
            this.notBefore = job.requestedAt();
        }

        boolean free(Instant now) {
            return (job.status() == Status.WAITING || job.status() == Status.RUNNING) && !notBefore.isAfter(now);
        }

        boolean removable(Instant now) {
            return !job.expiresAt().isAfter(now) && (job.status() != Status.RUNNING || !notBefore.isAfter(now));
        }

        void become(
                Status status,
                int attempt,
                @Nullable Instant finishedAt,
                Instant expiresAt,
                ExportJob.@Nullable Result result,
                @Nullable String errorCode) {
            job = new ExportJob(
                    job.id(),
                    job.caller(),
                    job.request(),
                    status,
                    attempt,
                    job.requestedAt(),
                    finishedAt,
                    expiresAt,
                    result,
                    errorCode);
        }
    }

    /**
     * @param lock held by every transaction of the storage
     * @param clock stands for the database's
     */
    InMemoryExportStore(Object lock, Supplier<Instant> clock) {
        this.lock = lock;
        this.clock = clock;
    }

    private <R> R locked(Supplier<R> work) {
        synchronized (lock) {
            return work.get();
        }
    }

    private List<Entry> of(OrgId org) {
        return entries.values().stream().filter(entry -> entry.org.equals(org)).toList();
    }

    private Optional<Entry> own(OrgScope scope, UUID id) {
        return own(scope).stream().filter(entry -> entry.job.id().equals(id)).findFirst();
    }

    private List<Entry> own(OrgScope scope) {
        return of(scope.org()).stream()
                .filter(entry -> entry.job.caller().equals(scope.caller().name())
                        && entry.job.expiresAt().isAfter(clock.get()))
                .toList();
    }

    private Optional<Entry> held(OrgScope scope, ExportJob taken) {
        return of(scope.org()).stream()
                .filter(entry -> entry.job.id().equals(taken.id())
                        && entry.job.status() == Status.RUNNING
                        && entry.job.attempt() == taken.attempt())
                .findFirst();
    }

    @Override
    public Optional<ExportJob> request(OrgScope scope, ExportJob.Request request, int most, Duration keep) {
        return locked(() -> {
            Instant now = clock.get();
            if (of(scope.org()).stream()
                            .filter(entry -> entry.job.expiresAt().isAfter(now))
                            .count()
                    >= most) {
                return Optional.empty();
            }
            ExportJob job = new ExportJob(
                    UUID.randomUUID(),
                    scope.caller().name(),
                    request,
                    Status.WAITING,
                    0,
                    now,
                    null,
                    now.plus(keep),
                    null,
                    null);
            entries.put(job.id(), new Entry(scope.org(), job));
            return Optional.of(job);
        });
    }

    @Override
    public Optional<ExportJob> find(OrgScope scope, UUID id) {
        return locked(() -> own(scope, id).map(entry -> entry.job));
    }

    @Override
    public List<ExportJob> list(OrgScope scope) {
        return locked(() -> own(scope).stream()
                .map(entry -> entry.job)
                .sorted(Comparator.comparing(ExportJob::requestedAt).reversed())
                .toList());
    }

    @Override
    public Optional<byte[]> chunk(OrgScope scope, UUID id, int number) {
        return locked(() -> own(scope, id)
                .filter(entry -> entry.job.status() == Status.DONE && number < entry.chunks.size())
                .map(entry -> entry.chunks.get(number)));
    }

    @Override
    public boolean discard(OrgScope scope, UUID id) {
        return locked(() -> own(scope, id).map(entry -> entries.remove(id)).isPresent());
    }

    @Override
    public List<OrgId> due(SystemScope system, int limit) {
        return locked(() -> {
            Instant now = clock.get();
            return entries.values().stream()
                    .filter(entry -> entry.free(now) || entry.removable(now))
                    .map(entry -> entry.org)
                    .distinct()
                    .limit(limit)
                    .toList();
        });
    }

    @Override
    public Optional<ExportJob> take(OrgScope scope, int attempts, Duration lease) {
        return locked(() -> {
            Instant now = clock.get();
            of(scope.org()).stream()
                    .filter(entry -> entry.free(now) && entry.job.attempt() >= attempts)
                    .forEach(entry -> entry.become(
                            Status.FAILED,
                            entry.job.attempt(),
                            now,
                            entry.job.expiresAt(),
                            null,
                            entry.job.errorCode() == null ? "node_lost" : entry.job.errorCode()));
            Optional<Entry> next =
                    of(scope.org()).stream().filter(entry -> entry.free(now)).findFirst();
            next.ifPresent(entry -> {
                entry.become(
                        Status.RUNNING,
                        entry.job.attempt() + 1,
                        null,
                        entry.job.expiresAt(),
                        null,
                        entry.job.errorCode());
                entry.notBefore = now.plus(lease);
                entry.chunks.clear();
            });
            return next.map(entry -> entry.job);
        });
    }

    @Override
    public boolean append(OrgScope scope, ExportJob taken, int number, byte[] chunk, Duration lease) {
        return locked(() -> {
            Optional<Entry> held = held(scope, taken);
            held.ifPresent(entry -> {
                entry.chunks.add(number, chunk.clone());
                entry.notBefore = clock.get().plus(lease);
            });
            return held.isPresent();
        });
    }

    @Override
    public boolean complete(OrgScope scope, ExportJob taken, ExportJob.Result result, Duration keep) {
        return locked(() -> {
            Instant now = clock.get();
            Optional<Entry> held = held(scope, taken);
            held.ifPresent(entry -> entry.become(Status.DONE, taken.attempt(), now, now.plus(keep), result, null));
            return held.isPresent();
        });
    }

    @Override
    public boolean broken(OrgScope scope, ExportJob taken, String errorCode, boolean again, Duration pause) {
        return locked(() -> {
            Instant now = clock.get();
            Optional<Entry> held = held(scope, taken);
            held.ifPresent(entry -> {
                entry.become(
                        again ? Status.WAITING : Status.FAILED,
                        taken.attempt(),
                        again ? null : now,
                        entry.job.expiresAt(),
                        null,
                        errorCode);
                entry.notBefore = now.plus(pause);
            });
            return held.isPresent();
        });
    }

    @Override
    public int purge(OrgScope scope) {
        return locked(() -> {
            Instant now = clock.get();
            List<Entry> expired = of(scope.org()).stream()
                    .filter(entry -> entry.removable(now))
                    .toList();
            expired.forEach(entry -> entries.remove(entry.job.id()));
            return expired.size();
        });
    }
}
