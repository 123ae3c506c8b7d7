package io.smartdata.core.export;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.core.observe.LogEvent;
import io.smartdata.storage.ExportJob;
import io.smartdata.storage.ExportStore;
import io.smartdata.storage.Storage;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Runs the exports that somebody asked for, one at a time: streams the events of one snapshot into a temporary file, and
 * from there into the database in chunks. On any node, by as many threads as one likes; each export has one of them.
 *
 * @since 0.1.0
 */
public final class ExportRunner {
    private static final int CHUNK_BYTES = 1 << 20;
    private static final int ATTEMPTS = 3;

    /** The scan itself cannot renew it, and reads 100 million events in this time. */
    private static final Duration LEASE = Duration.ofMinutes(15);

    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Storage storage;
    private final SystemScope system;

    public ExportRunner(Storage storage, SystemScope system) {
        this.storage = requireNonNull(storage, "storage");
        this.system = requireNonNull(system, "system");
    }

    /**
     * Orgs that have an export to run or to remove, that which waits longest first.
     *
     * @param limit most orgs to name, at least 1
     */
    public List<OrgId> due(int limit) {
        return exports().due(system, limit);
    }

    /**
     * Removes what has expired and runs the export that waits longest, if one does, of the first org that is due.
     *
     * @return true if there was one, whole now or not
     */
    public boolean runNext() {
        return due(1).stream().anyMatch(org -> runNext(system.org(org)));
    }

    /** As {@link #runNext()}, of one org. */
    public boolean runNext(OrgScope org) {
        exports().purge(org);
        Optional<ExportJob> taken = exports().take(org, ATTEMPTS, LEASE);
        taken.ifPresent(job -> run(org, job));
        return taken.isPresent();
    }

    private ExportStore exports() {
        return storage.exports();
    }

    /** What breaks one export must not keep the next one waiting: it is logged, kept with the export, and tried again. */
    private void run(OrgScope org, ExportJob job) {
        long start = System.nanoTime();
        try {
            Optional<ExportJob.Result> result = export(org, job);
            result.ifPresent(whole -> LogEvent.EXPORT_DONE
                    .with("org", org.org())
                    .and("export", job.id())
                    .and("rows", whole.rows())
                    .and("bytes", whole.bytes())
                    .and("millis", Duration.ofNanos(System.nanoTime() - start))
                    .write());
        } catch (IOException | RuntimeException e) {
            String code = e instanceof SmartDataException known ? known.code() : "export_failed";
            LogEvent.EXPORT_BROKEN
                    .with("org", org.org())
                    .and("export", job.id())
                    .and("attempt", job.attempt())
                    .and("code", code)
                    .and("error", e.getClass().getName())
                    .write();
            exports().broken(org, job, code, job.attempt() < ATTEMPTS, PAUSE);
        }
    }

    /** Empty if the export was discarded or taken by another node meanwhile. */
    private Optional<ExportJob.Result> export(OrgScope org, ExportJob job) throws IOException {
        Path file = Files.createTempFile("smartdata-export", ".part");
        try {
            ExportJob.Result result;
            try (ExportFile out = new ExportFile(file, job.request().gzip())) {
                long rows = new EventWriter(storage, org)
                        .write(
                                job.request().range(),
                                ExportFormat.ofCode(job.request().format()),
                                out.writer());
                result = out.finish(rows);
            }
            return store(org, job, file) && exports().complete(org, job, result, Exports.KEPT)
                    ? Optional.of(result)
                    : Optional.empty();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } finally {
            Files.delete(file);
        }
    }

    private boolean store(OrgScope org, ExportJob job, Path file) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            int number = 0;
            for (byte[] chunk = in.readNBytes(CHUNK_BYTES); chunk.length > 0; chunk = in.readNBytes(CHUNK_BYTES)) {
                if (!exports().append(org, job, number++, chunk, LEASE)) {
                    return false;
                }
            }
            return true;
        }
    }
}
