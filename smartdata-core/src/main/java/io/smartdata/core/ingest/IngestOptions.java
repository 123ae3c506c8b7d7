package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * How to ingest an input.
 *
 * @param read how to read it
 * @param mode what a bad row means for the others
 * @param dryRun true to check and count, and store nothing
 * @param idempotencyKey 1 to 255 characters: sending the call again under it gives the first receipt; or null
 * @param progress told how far the call is
 * @since 0.1.0
 */
public record IngestOptions(
        ReadOptions read,
        Mode mode,
        boolean dryRun,
        @Nullable String idempotencyKey,
        Consumer<Progress> progress) {
    public IngestOptions {
        requireNonNull(read, "read");
        requireNonNull(mode, "mode");
        requireNonNull(progress, "progress");
        if (idempotencyKey != null && (idempotencyKey.isEmpty() || idempotencyKey.length() > 255)) {
            throw new IllegalArgumentException("An idempotency key has 1 to 255 characters");
        }
    }

    /** Strict: what a file gets unless something else is asked for. */
    public static IngestOptions strict(ReadOptions read) {
        return new IngestOptions(read, Mode.STRICT, false, null, progress -> {});
    }

    /** Lenient: what a batch gets unless something else is asked for. */
    public static IngestOptions lenient(ReadOptions read) {
        return strict(read).withMode(Mode.LENIENT);
    }

    /** With another mode. */
    public IngestOptions withMode(Mode newMode) {
        return new IngestOptions(read, newMode, dryRun, idempotencyKey, progress);
    }

    /** Checks and counts only. */
    public IngestOptions withDryRun(boolean newDryRun) {
        return new IngestOptions(read, mode, newDryRun, idempotencyKey, progress);
    }

    /** With an idempotency key. */
    public IngestOptions withIdempotencyKey(@Nullable String key) {
        return new IngestOptions(read, mode, dryRun, key, progress);
    }

    /** Tells how far it is. */
    public IngestOptions withProgress(Consumer<Progress> listener) {
        return new IngestOptions(read, mode, dryRun, idempotencyKey, listener);
    }
}
