package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;

import io.smartdata.tenancy.OrgScope;
import org.jspecify.annotations.Nullable;

/**
 * A small part of what a job does in one org: seconds at most, since a node that is stopped finishes it.
 *
 * @param unit names the effect within the org and the slot, 1 to 300 characters; null if the piece may be repeated
 * @param effect what it does
 * @since 0.1.0
 */
public record JobPiece(@Nullable String unit, Effect effect) {
    private static final int MAX_UNIT_LENGTH = 300;

    /** What a piece does. */
    @FunctionalInterface
    public interface Effect {
        /**
         * @param scope of the org; if the piece has a unit, the store lets it write once, in one transaction
         * @return how much was done, in the job's own unit
         */
        long run(OrgScope scope);
    }

    public JobPiece {
        requireNonNull(effect, "effect");
        if (unit != null && (unit.isEmpty() || unit.length() > MAX_UNIT_LENGTH)) {
            throw new IllegalArgumentException("A unit has 1 to 300 characters, this one has " + unit.length());
        }
    }

    /** A piece whose one write takes effect once for the slot, whichever nodes try it and however often. */
    public static JobPiece once(String unit, Effect effect) {
        return new JobPiece(requireNonNull(unit, "unit"), effect);
    }

    /** A piece that does no harm when it is done twice, or by two nodes. */
    public static JobPiece repeatable(Effect effect) {
        return new JobPiece(null, effect);
    }
}
