package io.smartdata.anomaly;

import java.time.Instant;

/**
 * Judges one value at a time from that value and earlier ones only. Thread-safe; a state is not.
 *
 * <p>What an implementation must do is the published abstract test {@code AnomalyDetectorContract}.
 *
 * @since 0.1.0
 */
public interface AnomalyDetector {
    /** Stable name, for example {@code rolling-zscore}. */
    String id();

    /** Changes whenever the same series may be judged differently or a stored state can no longer be read. */
    String version();

    /** An empty history for one series. */
    DetectorState start(SeriesInfo series);

    /**
     * The history that {@link DetectorState#bytes()} stored; judging continues as if it had never stopped.
     *
     * @throws io.smartdata.SmartDataException code {@code detector_state_mismatch} if this detector in this version and
     *     with these options did not store it
     */
    DetectorState resume(byte[] stored);

    /**
     * Judges {@code value} by the history and adds it to the history.
     *
     * @param state of this detector; changed
     * @param time of the value; times ascend, rows may be missing
     * @param value in the unit of the series; NaN = missing, which is not judged and leaves no trace in the history
     * @return with an empty score where the value is missing or the history too short
     * @throws IllegalArgumentException if {@code value} is infinite or {@code state} is not of this detector
     */
    Judgement judge(DetectorState state, Instant time, double value);
}
