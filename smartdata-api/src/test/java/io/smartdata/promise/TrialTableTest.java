package io.smartdata.promise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class TrialTableTest {
    @Test
    void equalRowsAddUpAndPromisesStandInTheirOrder() {
        TrialTable table = new TrialTable();
        table.add(new Trial("P10", "cuts", 5, 0, ""));
        table.add(new Trial("P3", "kills", 100, 0, "first"));
        table.add(new Trial("P3", "kills", 200, 0, "second"));
        assertThat(table.toString().lines().skip(1).map(line -> line.replaceAll(" {2,}", "|")))
                .containsExactly("P3|kills|300|0|0.010|second", "P10|cuts|5|0|0.60|");
    }

    @Test
    void aFailureHasNoUpperBound() {
        assertThat(new Trial("P1", "x", 100, 1, "").upperBound()).isEqualTo("broken");
    }

    @Test
    void aTrialSurvivesItsLineInTheFile() {
        Trial trial = new Trial("P1", "four senders, two nodes", 1_000_000, 0, "seed 7");
        assertThat(Trial.parse(trial.line())).isEqualTo(trial);
    }

    @Test
    void aTestThatTriedNothingCannotReport() {
        assertThatThrownBy(() -> Trials.report("P1", "nothing", 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
