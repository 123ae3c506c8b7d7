package io.smartdata.core.kpi;

import io.smartdata.SmartDataException;

/**
 * A transaction met a generation this process has not loaded. Whoever runs the transaction loads it and runs again.
 *
 * @since 0.1.0
 */
public final class GenerationMovedException extends SmartDataException {
    private static final long serialVersionUID = 1L;

    private final long generation;

    GenerationMovedException(long generation) {
        super(
                "generation_moved",
                "The org's KPI definitions changed while this call ran. Nothing was stored. Try again.");
        this.generation = generation;
    }

    /** The generation to load. */
    public long generation() {
        return generation;
    }
}
