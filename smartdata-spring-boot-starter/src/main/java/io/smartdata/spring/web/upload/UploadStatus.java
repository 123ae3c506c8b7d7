package io.smartdata.spring.web.upload;

import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Refusal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * How far an upload is, or what became of it.
 *
 * @param uploadId as the client named it
 * @param state how far it is
 * @param receivedBytes so far, as they were sent
 * @param declaredBytes that there will be; null if the client does not say
 * @param stage {@code checking} or {@code storing}; null before
 * @param rows read in this stage
 * @param readBytes read in this stage, as they were sent
 * @param cancelled whether somebody has asked for it to end
 * @param receiptId of what was stored; null if nothing was, or not yet
 * @param problem why it failed; null unless it did
 * @param startedAt when its first byte was waited for
 * @since 0.1.0
 */
public record UploadStatus(
        UUID uploadId,
        State state,
        long receivedBytes,

        @About("That there will be; null if the client does not say.") @Nullable
        Long declaredBytes,

        @About("checking or storing; null before.") @Nullable
        String stage,

        @About("Read in this stage.") long rows,
        @About("Read in this stage, as they were sent.") long readBytes,
        @About("Whether somebody has asked for it to end.") boolean cancelled,

        @About("Of what was stored; null if nothing was, or not yet.") @Nullable
        UUID receiptId,

        @About("Why it failed; null unless it did.") @Nullable
        Refusal problem,

        Instant startedAt) {
    /** How far an upload is. */
    public enum State {
        /** Its bytes are coming in. */
        RECEIVING,
        /** Its events are read, and stored unless that waits for the check of all. */
        INGESTING,
        /** Its request was answered with a receipt. */
        DONE,
        /** Its request was answered with a problem. */
        FAILED
    }
}
