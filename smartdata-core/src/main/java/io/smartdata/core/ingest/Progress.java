package io.smartdata.core.ingest;

/**
 * How far a call is; told after every piece.
 *
 * @param stage {@code checking} or {@code storing}
 * @param rows rows read in this stage
 * @param bytes bytes of the input read in this stage, compressed as they came
 * @since 0.1.0
 */
public record Progress(String stage, long rows, long bytes) {}
