package io.smartdata.core.anomaly;

import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.DetectionResult;
import io.smartdata.anomaly.DetectorState;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.Observation;
import io.smartdata.anomaly.SeriesInfo;
import io.smartdata.series.TimeSeries;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Judges a whole series: the loop over {@link AnomalyDetector#judge}, so batch and streaming cannot differ.
 *
 * @since 0.1.0
 */
public final class Detection {
    private Detection() {}

    /** Judges a regular series on its own grid. */
    public static DetectionResult run(AnomalyDetector detector, TimeSeries series) {
        return run(detector, SeriesInfo.of(series), series);
    }

    /** Judges a regular series with the seasons and the threshold of {@code info}. */
    public static DetectionResult run(AnomalyDetector detector, SeriesInfo info, TimeSeries series) {
        return run(
                detector,
                info,
                IntStream.range(0, series.size())
                        .mapToObj(i -> new Observation(series.time(i), series.value(i)))
                        .toList());
    }

    /**
     * Judges rows as they are, with missing rows or values.
     *
     * @param info for example {@link SeriesInfo#inferred}
     * @param observations by ascending time; of two at the same time both are judged
     * @throws IllegalArgumentException if a time lies before the one of the row above; the message names the row
     */
    public static DetectionResult run(AnomalyDetector detector, SeriesInfo info, List<Observation> observations) {
        requireAscending(observations);
        DetectorState state = detector.start(info);
        List<Judgement> judgements = observations.stream()
                .map(observation -> detector.judge(state, observation.time(), observation.value()))
                .toList();
        return new DetectionResult(detector.id(), detector.version(), observations, judgements);
    }

    private static void requireAscending(List<Observation> observations) {
        for (int i = 1; i < observations.size(); i++) {
            if (observations.get(i).time().isBefore(observations.get(i - 1).time())) {
                throw new IllegalArgumentException("times must ascend, row %d (%s) lies before the one above"
                        .formatted(i + 1, observations.get(i).time()));
            }
        }
    }
}
