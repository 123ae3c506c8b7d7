package io.smartdata.core.freshness;

import static java.util.Objects.requireNonNull;

import io.smartdata.storage.DerivedAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How fresh a derived answer is.
 *
 * @param answer which one
 * @param dataFreshAsOf moment of the data behind its last run; of several series, that of the oldest
 * @param due when its next refresh is or was due; null if it has no schedule
 * @param overdue how long that is past; zero if it is not
 * @since 0.1.0
 */
public record DerivedFreshness(
        DerivedAnswer answer,
        Instant dataFreshAsOf,
        @Nullable Instant due,
        Duration overdue) {
    /** A refresh may be this late before its answer is stale. */
    public static final Duration STALE_AFTER = Duration.ofMinutes(10);

    /** A run whose data is this much older than its slot was made for the slot: the clocks of nodes and databases differ. */
    private static final Duration CLOCKS_DIFFER = Duration.ofMinutes(1);

    public DerivedFreshness {
        requireNonNull(answer, "answer");
        requireNonNull(dataFreshAsOf, "dataFreshAsOf");
        if (overdue.isNegative()) {
            throw new IllegalArgumentException("overdue must not be negative, was " + overdue);
        }
    }

    static DerivedFreshness of(DerivedAnswer answer, Instant dataFreshAsOf, RefreshSchedules schedules, Instant now) {
        Optional<Instant> due =
                schedules.of(answer).map(schedule -> schedule.dueAfter(dataFreshAsOf.plus(CLOCKS_DIFFER)));
        return new DerivedFreshness(
                answer,
                dataFreshAsOf,
                due.orElse(null),
                due.filter(now::isAfter)
                        .map(missed -> Duration.between(missed, now))
                        .orElse(Duration.ZERO));
    }

    /** True if a refresh is overdue by more than {@link #STALE_AFTER}. */
    public boolean stale() {
        return overdue.compareTo(STALE_AFTER) > 0;
    }
}
