package io.smartdata.core.health;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * When a figure is alarming: raised after it was too high often and long enough without a break, cleared when it is clearly
 * lower. In between, what was stays.
 *
 * @param name names the rule, for example {@code lag}
 * @param raiseAbove a value above this counts towards raising
 * @param clearBelow a value below this clears; at most {@code raiseAbove}
 * @param evaluations values in a row that must be above, at least 1
 * @param lasting time from the first of them to the last, at least zero
 * @param noData what an evaluation without a value means
 * @since 0.1.0
 */
public record AlertRule(
        String name, double raiseAbove, double clearBelow, int evaluations, Duration lasting, NoData noData) {
    /** What an evaluation without a value means. */
    public enum NoData {
        /** As a value that is too high: not to know is alarming. */
        BREACH,
        /** Nothing: the state stays as it is. */
        KEEP,
        /** As a value that clears. */
        CLEAR
    }

    public AlertRule {
        requireNonNull(name, "name");
        requireNonNull(lasting, "lasting");
        requireNonNull(noData, "noData");
        if (!(clearBelow <= raiseAbove) || evaluations < 1 || lasting.isNegative()) {
            throw new IllegalArgumentException(
                    "The rule %s must clear at or below what raises it, after at least 1 evaluation".formatted(name));
        }
    }

    /**
     * Where a rule stands between two evaluations.
     *
     * @param raised true from raising to clearing
     * @param above values in a row that were above before it was raised
     * @param aboveSince when the first of them was; null if there is none
     */
    public record State(boolean raised, int above, @Nullable Instant aboveSince) {
        /** Where every rule begins. */
        public static final State QUIET = new State(false, 0, null);
    }

    /**
     * One evaluation. Pure: the same values at the same moments give the same states.
     *
     * @param value the figure; NaN if it is not known
     * @param at moment of the evaluation, not before that of the one before
     */
    public State next(State state, double value, Instant at) {
        if (Double.isNaN(value)) {
            return switch (noData) {
                case BREACH -> above(state, at);
                case KEEP -> state;
                case CLEAR -> State.QUIET;
            };
        }
        if (value > raiseAbove) {
            return above(state, at);
        }
        return state.raised() && value >= clearBelow ? state : State.QUIET;
    }

    private State above(State state, Instant at) {
        if (state.raised()) {
            return state;
        }
        Instant since = state.aboveSince() == null ? at : state.aboveSince();
        int above = state.above() + 1;
        boolean longEnough = Duration.between(since, at).compareTo(lasting) >= 0;
        return new State(above >= evaluations && longEnough, above, since);
    }
}
