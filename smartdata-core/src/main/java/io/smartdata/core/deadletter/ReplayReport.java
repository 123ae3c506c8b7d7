package io.smartdata.core.deadletter;

import io.smartdata.RetryLaterException;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.RejectionCode;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one replay did. Every letter it came by is in one of the counts:
 * {@code accepted + duplicates + failed() + atCap + heldBack + settledBefore == letters}, always.
 *
 * @param letters dead letters the run came by
 * @param accepted whose events were stored now
 * @param duplicates whose events were stored before
 * @param failedByCode that were tried and stay open, by reason; {@code id_conflict} if the identity was taken by other content
 * @param atCap that stay open because they were tried as often as allowed
 * @param heldBack that stay open, untried, because an earlier letter of the same subject does
 * @param settledBefore that were not open any more: replayed by another node meanwhile, or discarded
 * @param failures the first of the letters that failed, at most {@value #MAX_FAILURES}
 * @param more true if the run ended before the filter did: at its limit, because too many subjects were held back, or because
 *     it was stopped
 * @param stopped why it was stopped and when to go on: the store or the memory for calls was not to be had, or the org was over
 *     its rate; else null
 * @param dryRun true if nothing was stored
 * @since 0.1.0
 */
public record ReplayReport(
        long letters,
        long accepted,
        long duplicates,
        Map<RejectionCode, Long> failedByCode,
        long atCap,
        long heldBack,
        long settledBefore,
        List<EventOutcome> failures,
        boolean more,
        @Nullable RetryLaterException stopped,
        boolean dryRun) {
    /** Most failures that are told one by one. */
    public static final int MAX_FAILURES = 100;

    public ReplayReport {
        failedByCode = Map.copyOf(failedByCode);
        failures = List.copyOf(failures);
        long sum = accepted + duplicates + sum(failedByCode) + atCap + heldBack + settledBefore;
        if (sum != letters) {
            throw new IllegalArgumentException("The counts add up to %d, the run came by %d".formatted(sum, letters));
        }
    }

    /** Letters that were tried and stay open. */
    public long failed() {
        return sum(failedByCode);
    }

    /** Letters that were tried. */
    public long tried() {
        return accepted + duplicates + failed();
    }

    /** Letters that stay open. */
    public long open() {
        return failed() + atCap + heldBack;
    }

    private static long sum(Map<RejectionCode, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
