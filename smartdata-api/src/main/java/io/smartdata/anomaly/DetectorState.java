package io.smartdata.anomaly;

/**
 * What a detector remembers of one series. Not thread-safe: one state belongs to one series and one thread at a time.
 *
 * @since 0.1.0
 */
public interface DetectorState {
    /** Everything needed by {@link AnomalyDetector#resume}; equal histories give equal bytes. */
    byte[] bytes();
}
