package io.smartdata.tenancy;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * Lets what a scheduled job writes take effect once: carried by an {@link OrgScope}, checked by the store in the transaction
 * of every write. A node that lost its lease has an old number and is refused; a unit of work that was committed for the slot
 * is not done again.
 *
 * @param job name of the job
 * @param slot the moment the run was scheduled for
 * @param unit names one effect within the slot, 1 to 500 characters
 * @param number grows with every change of the lease's holder
 * @since 0.1.0
 */
public record Fence(String job, Instant slot, String unit, long number) {
    private static final int MAX_UNIT_LENGTH = 500;

    public Fence {
        requireNonNull(job, "job");
        requireNonNull(slot, "slot");
        requireNonNull(unit, "unit");
        if (unit.isEmpty() || unit.length() > MAX_UNIT_LENGTH) {
            throw new IllegalArgumentException("A unit has 1 to 500 characters, this one has " + unit.length());
        }
    }
}
