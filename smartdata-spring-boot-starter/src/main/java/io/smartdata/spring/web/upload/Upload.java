package io.smartdata.spring.web.upload;

import io.smartdata.SmartDataException;
import io.smartdata.core.ingest.InvalidInputException;
import io.smartdata.core.ingest.PartlyStoredException;
import io.smartdata.core.ingest.Progress;
import io.smartdata.event.IngestReceipt;
import io.smartdata.spring.web.route.Refusal;
import io.smartdata.spring.web.upload.UploadStatus.State;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One upload, told by the thread that does it, asked by others. */
final class Upload {
    private final UUID id;
    private final @Nullable Long declared;
    private final Instant startedAt;
    private State state = State.RECEIVING;
    private long received;
    private @Nullable Progress progress;
    private @Nullable UUID receiptId;
    private @Nullable Refusal problem;
    private boolean cancelled;

    Upload(UUID id, @Nullable Long declared, Instant startedAt) {
        this.id = id;
        this.declared = declared;
        this.startedAt = startedAt;
    }

    synchronized UploadStatus status() {
        return new UploadStatus(
                id,
                state,
                received,
                declared,
                progress == null ? null : progress.stage(),
                progress == null ? 0 : progress.rows(),
                progress == null ? 0 : progress.bytes(),
                cancelled,
                receiptId,
                problem,
                startedAt);
    }

    synchronized boolean running() {
        return state == State.RECEIVING || state == State.INGESTING;
    }

    synchronized void received(long bytes) {
        received = bytes;
    }

    synchronized void ingesting() {
        state = State.INGESTING;
    }

    synchronized void progress(Progress newProgress) {
        progress = newProgress;
    }

    synchronized void done(IngestReceipt receipt) {
        state = State.DONE;
        receiptId = receipt.dryRun() ? null : receipt.id();
    }

    synchronized void failed(Throwable failure) {
        state = State.FAILED;
        problem = failure instanceof SmartDataException known ? Refusal.of(known) : Refusal.unexpected();
        receiptId = failure instanceof PartlyStoredException partly
                ? partly.receipt().id()
                : null;
    }

    /** One that has ended has ended. */
    synchronized void cancel() {
        cancelled = cancelled || running();
    }

    /**
     * Asked before more is read, never after the last byte: whatever commits, commits in full.
     *
     * @throws InvalidInputException {@code upload_cancelled}, which readers pass on as it is
     */
    synchronized void requireWanted() {
        if (cancelled) {
            throw new InvalidInputException("upload_cancelled", 0, null, "The upload was cancelled.", null);
        }
    }
}
