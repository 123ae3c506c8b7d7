package io.smartdata.benchmarks.anomaly;

import io.smartdata.anomaly.Observation;
import java.util.List;

/**
 * A series of which somebody said where it is anomalous.
 *
 * @param id as in the manifest
 * @param rows by ascending time
 * @param events labelled ranges in time order
 * @param buffer widest tolerance around an event, in rows
 */
record LabelledSeries(String id, List<Observation> rows, List<Event> events, int buffer) {
    /** NAB's share of rows, and most of them, that a detector may learn from before it is judged. */
    private static final double PROBATION = 0.15;

    private static final int PROBATION_OF_AT_MOST = 5000;

    /** @param first row, {@code last} row, both included; {@code type} as labelled */
    record Event(int first, int last, String type) {
        boolean holds(int row) {
            return row >= first && row <= last;
        }
    }

    int size() {
        return rows.size();
    }

    /** Rows at the start that count for nothing. */
    int probation() {
        return (int) Math.floor(PROBATION * Math.min(size(), PROBATION_OF_AT_MOST));
    }

    boolean[] labels() {
        boolean[] labels = new boolean[size()];
        events.forEach(event -> java.util.Arrays.fill(labels, event.first, event.last + 1, true));
        return labels;
    }
}
