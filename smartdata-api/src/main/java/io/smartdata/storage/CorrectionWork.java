package io.smartdata.storage;

/**
 * What core does inside one correction. Must have no effect but through the transaction, since it may run again.
 *
 * @param <R> what the work gives back
 * @since 0.1.0
 */
@FunctionalInterface
public interface CorrectionWork<R> {
    /** Runs in the transaction; an exception rolls it back. */
    R run(Correction correction);
}
