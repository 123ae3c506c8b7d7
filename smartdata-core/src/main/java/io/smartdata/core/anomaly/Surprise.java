package io.smartdata.core.anomaly;

import java.util.Set;

/**
 * The evidence in one row, taken together. Kinds that agree strengthen each other, as in Fisher's method, yet kinds of
 * the same origin are not counted twice: the sizes are joined by their norm of order 4, between the sum of squares of
 * independent kinds and the largest of identical ones. What chance adds by looking at several kinds is taken off again
 * by Bonferroni's rule.
 */
final class Surprise {
    private final double[] sigma = new double[Evidence.values().length];
    private final double total;

    /** Squared sigma by which the best of so many kinds lies further out than one of them: the normal tail falls as exp(-x²/2). */
    private final double price;

    /** @param sizes signed normal-equivalent sigma of each kind, in the order of {@link Evidence}; @param used by this detector */
    Surprise(double[] sizes, Set<Evidence> used) {
        double fourth = 0;
        for (Evidence kind : used) {
            double beyond = Math.max(0, Math.abs(sizes[kind.ordinal()]) - kind.handicap());
            sigma[kind.ordinal()] = Math.copySign(beyond, sizes[kind.ordinal()]);
            fourth += beyond * beyond * beyond * beyond;
        }
        this.total = Math.sqrt(Math.sqrt(fourth));
        this.price = price(used.size());
    }

    /** Normal-equivalent sigma of all evidence together, at least 0. */
    double score() {
        return Math.sqrt(Math.max(0, total * total - price));
    }

    /** The same before the price of looking at many kinds. */
    double total() {
        return total;
    }

    double sigma(Evidence kind) {
        return sigma[kind.ordinal()];
    }

    Evidence strongest() {
        Evidence strongest = Evidence.POINT;
        for (Evidence kind : Evidence.values()) {
            strongest = Math.abs(sigma(kind)) > Math.abs(sigma(strongest)) ? kind : strongest;
        }
        return strongest;
    }

    /** Size that one kind alone must have for a score. */
    static double alone(double score, int kinds) {
        return Math.sqrt(score * score + price(kinds));
    }

    private static double price(int kinds) {
        return 2 * Math.log(kinds);
    }
}
