package io.smartdata.core.ingest;

/**
 * Sizes of ingest calls. Limits of a single event are {@link Limits}.
 *
 * @param chunkEvents events a piece of a lenient or validated input commits at once
 * @param chunkBytes original bytes after which a piece commits even with fewer events
 * @param maxBatchEvents most events of a batch call
 * @param maxBatchBytes most bytes of a batch call
 * @param maxStrictRows most rows of a strict input
 * @param maxFileOutcomes most outcomes a receipt of a file lists
 * @param compactAfterDeltas deltas an org may gather in this process before a piece of them is compacted
 * @since 0.1.0
 */
public record IngestSettings(
        int chunkEvents,
        int chunkBytes,
        int maxBatchEvents,
        int maxBatchBytes,
        long maxStrictRows,
        int maxFileOutcomes,
        int compactAfterDeltas) {
    /** Names a receipt lists at most. */
    static final int MAX_NAMES = 1000;

    /** Different warnings a receipt lists at most. */
    static final int MAX_WARNINGS = 100;

    public IngestSettings {
        if (chunkEvents < 1 || chunkBytes < 1 || maxBatchEvents < 1 || maxBatchBytes < 1 || maxStrictRows < 1) {
            throw new IllegalArgumentException("Every limit must be at least 1");
        }
        if (maxFileOutcomes < 0 || compactAfterDeltas < 1) {
            throw new IllegalArgumentException("maxFileOutcomes must be at least 0, compactAfterDeltas at least 1");
        }
    }

    /** 10 000 events and 8 MiB a batch or piece, 1 million strict rows, 100 listed outcomes, 20 000 deltas. */
    public static IngestSettings defaults() {
        return new IngestSettings(10_000, 8 << 20, 10_000, 8 << 20, 1_000_000, 100, 20_000);
    }
}
