package io.smartdata.benchmarks;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A ratio of two legs of one round and what it has to be.
 *
 * @param figure of each leg
 * @param bar the release passes with it; NaN for none
 * @param reach what we would like; NaN for none
 */
record Bar(String what, String leg, String peer, ToDoubleFunction<Cost> figure, double bar, double reach) {
    String question() {
        return what + ", " + leg + " / " + peer;
    }

    double[] ratios(List<Map<String, Cost>> rounds) {
        return rounds.stream()
                .mapToDouble(round -> of(round, leg) / of(round, peer))
                .toArray();
    }

    private double of(Map<String, Cost> round, String name) {
        return figure.applyAsDouble(requireNonNull(round.get(name)));
    }
}
