package io.smartdata.forecast;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GradeTest {
    @ParameterizedTest
    @CsvSource({"100,A", "85,A", "84,B", "70,B", "69,C", "55,C", "54,D", "0,D", ",N/A"})
    void aScoreBecomesAMark(@Nullable Integer score, String label) {
        assertThat(Grade.of(score).label()).isEqualTo(label);
    }
}
