package io.smartdata.core.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.anomaly.DetectionResult;
import io.smartdata.anomaly.Judgement;
import io.smartdata.anomaly.Observation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SimulationTest {
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");

    /** One value a day; NaN = not judged. */
    private static DetectionResult result(double... scores) {
        List<Observation> observations = new ArrayList<>();
        List<Judgement> judgements = new ArrayList<>();
        for (int i = 0; i < scores.length; i++) {
            observations.add(new Observation(START.plus(Duration.ofDays(i)), 1));
            judgements.add(
                    Double.isNaN(scores[i])
                            ? Judgement.notJudged("history too short")
                            : Judgement.of(scores[i], 0, -1, 1, 100, () -> "", "usual"));
        }
        return new DetectionResult("test", "1", observations, judgements);
    }

    @Test
    void runsOfOneSignAreOneAlert() {
        Simulation simulation = Simulation.of(result(0, 5.5, 5.6, -5.7, 0, 3.2, 0, 0, 0, 0, 0, 0, 0, 4.2), START);
        assertThat(simulation.weeks()).isCloseTo(2, within(1e-9));
        assertThat(simulation.rows().get(0)).satisfies(row -> {
            assertThat(row.threshold()).isEqualTo(3);
            assertThat(row.falsePerThousand()).isCloseTo(2.7, within(0.01));
            assertThat(row.anomalies()).isEqualTo(5);
            assertThat(row.alerts()).isEqualTo(4);
            assertThat(row.alertsPerWeek()).isCloseTo(2, within(1e-9));
            assertThat(row.mostInAWeek()).isEqualTo(3);
        });
        assertThat(simulation.rows()).extracting(Simulation.Row::alerts).containsExactly(4, 3, 3, 2, 2, 0, 0);
    }

    @Test
    void onlyJudgedValuesFromTheStartOnCount() {
        Simulation simulation = Simulation.of(result(9, 9, Double.NaN, 9, 0), START.plus(Duration.ofDays(2)));
        assertThat(simulation.judged()).isEqualTo(2);
        assertThat(simulation.rows().get(6).alerts()).isEqualTo(1);
    }

    @Test
    void anEmptyHistoryHasNoAlerts() {
        Simulation simulation = Simulation.of(result(), START);
        assertThat(simulation.weeks()).isZero();
        assertThat(simulation.rows())
                .allSatisfy(row -> assertThat(row.alertsPerWeek()).isZero());
    }
}
