package io.smartdata.promise;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/** Trials by promise, in the order P1, P2, ... P10. */
final class TrialTable {
    private static final String ROW = "%-7s  %-58s  %9s  %8s  %11s  %s%n";

    private record Key(String promise, String what) implements Comparable<Key> {
        private static final Comparator<Key> ORDER = Comparator.comparingInt((Key key) -> key.promise.length())
                .thenComparing(Key::promise)
                .thenComparing(Key::what);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }
    }

    private final Map<Key, Trial> rows = new TreeMap<>();

    void add(Trial trial) {
        rows.merge(new Key(trial.promise(), trial.what()), trial, Trial::plus);
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    @Override
    public String toString() {
        StringBuilder table = new StringBuilder(
                ROW.formatted("promise", "what was tried", "trials", "failures", "95 % bound", "note"));
        rows.values()
                .forEach(trial -> table.append(ROW.formatted(
                        trial.promise(),
                        trial.what(),
                        trial.trials(),
                        trial.failures(),
                        trial.upperBound(),
                        trial.note())));
        return table.toString();
    }
}
