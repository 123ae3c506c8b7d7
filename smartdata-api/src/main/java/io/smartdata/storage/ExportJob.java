package io.smartdata.storage;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An export that runs by itself and is fetched later by who asked for it.
 *
 * @param id names it
 * @param caller who asked; nobody else is told of it
 * @param request what was asked for
 * @param status how far it is
 * @param attempt how often it was begun, from 0
 * @param requestedAt when it was asked for, by the database's clock
 * @param finishedAt when it was done or given up; null before that
 * @param expiresAt from then on it is unknown
 * @param result of an export that is done, else null
 * @param errorCode why the last attempt broke off; null if none did
 * @since 0.1.0
 */
public record ExportJob(
        UUID id,
        String caller,
        Request request,
        Status status,
        int attempt,
        Instant requestedAt,
        @Nullable Instant finishedAt,
        Instant expiresAt,
        @Nullable Result result,
        @Nullable String errorCode) {
    /** How far an export is. */
    public enum Status {
        /** Waits to be run, for the first time or again. */
        WAITING,
        /** Runs, or did on a node that is gone. */
        RUNNING,
        /** Whole, and ready to be fetched. */
        DONE,
        /** Given up: nothing of it can be fetched. */
        FAILED
    }

    /**
     * What is asked for.
     *
     * @param range which events
     * @param format name of the format, for example {@code csv}
     * @param gzip true if the bytes are to be compressed
     */
    public record Request(EventRange range, String format, boolean gzip) {
        public Request {
            requireNonNull(range, "range");
            requireNonNull(format, "format");
        }
    }

    /**
     * What a whole export is made of; who fetched it compares.
     *
     * @param rows events
     * @param bytes of all chunks together
     * @param sha256 of those bytes, in lower-case hexadecimal digits
     */
    public record Result(long rows, long bytes, String sha256) {
        public Result {
            requireNonNull(sha256, "sha256");
        }
    }

    public ExportJob {
        requireNonNull(id, "id");
        requireNonNull(caller, "caller");
        requireNonNull(request, "request");
        requireNonNull(requestedAt, "requestedAt");
        requireNonNull(expiresAt, "expiresAt");
        if (status == Status.DONE != (result != null)) {
            throw new IllegalArgumentException("An export has a result exactly if it is done, was " + status);
        }
    }
}
