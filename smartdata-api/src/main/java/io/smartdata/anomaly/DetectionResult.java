package io.smartdata.anomaly;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.stream.IntStream;

/**
 * A judged series: one judgement for each observation, in the same order.
 *
 * @param detector id of the detector
 * @param version of the detector
 * @param observations as they were given, missing values included
 * @param judgements one for each observation
 * @since 0.1.0
 */
public record DetectionResult(
        String detector, String version, List<Observation> observations, List<Judgement> judgements) {
    public DetectionResult {
        requireNonNull(detector, "detector");
        requireNonNull(version, "version");
        observations = List.copyOf(observations);
        judgements = List.copyOf(judgements);
        if (observations.size() != judgements.size()) {
            throw new IllegalArgumentException(
                    "%d observations but %d judgements".formatted(observations.size(), judgements.size()));
        }
    }

    /** The anomalies, oldest first. */
    public List<Anomaly> anomalies() {
        return IntStream.range(0, judgements.size())
                .filter(i -> judgements.get(i).anomaly())
                .mapToObj(i -> Anomaly.of(observations.get(i), judgements.get(i), detector))
                .toList();
    }
}
