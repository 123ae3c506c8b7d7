package io.smartdata.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.core.health.AlertRule.NoData;
import io.smartdata.core.health.AlertRule.State;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class AlertRuleTest {
    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");
    private static final AlertRules RULES = AlertRules.defaults();

    /** One letter an evaluation, a minute apart: {@code R} where the rule is raised. */
    private static String run(AlertRule rule, String values) {
        StringBuilder raised = new StringBuilder();
        State state = State.QUIET;
        Instant at = START;
        for (String value : values.split(" ", -1)) {
            state = rule.next(state, value.equals("?") ? Double.NaN : Double.parseDouble(value), at);
            raised.append(state.raised() ? 'R' : '.');
            at = at.plusSeconds(60);
        }
        return raised.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "121 121 121, ..R",
        "120 120 120 120, ....",
        "121 121 120 121 121 121, .....R",
        "500 500 500 121 46 45 44.9 121, ..RRRR..",
        "500 500 500 0 500 500 500, ..R...R",
        "? ? ?, ..R",
        "121 ? 121, ..R",
        "500 500 500 ? ? 0, ..RRR."
    })
    void lagRaisesAtTheThirdValueAbove120SecondsAndClearsBelow45(String values, String raised) {
        assertThat(run(RULES.lag(), values)).isEqualTo(raised);
    }

    @ParameterizedTest
    @CsvSource({
        "101 101 101 101 101 101, .....R",
        "101 101 101 101 100 101 101 101 101 101 101, ..........R",
        "900 900 900 900 900 900 60 40 39, .....RRR.",
        "100 100 100 100 100 100 100, ......."
    })
    void aBacklogAbove100RaisesAfterFiveMinutesAndClearsBelow40(String values, String raised) {
        assertThat(run(RULES.backlog(), values)).isEqualTo(raised);
    }

    @ParameterizedTest
    @CsvSource({"600 600.1 3600 0, .RR.", "? 601 ? 0, .RR."})
    void anAnswerOverdueByMoreThanTenMinutesRaisesAtOnce(String values, String raised) {
        assertThat(run(RULES.overdue(), values)).isEqualTo(raised);
    }

    @ParameterizedTest
    @EnumSource
    void withoutDataTheRuleDoesWhatItsPolicySays(NoData policy) {
        AlertRule rule = new AlertRule("r", 10, 5, 2, Duration.ZERO, policy);
        String expected = switch (policy) {
            case BREACH -> ".RRRR";
            case KEEP -> "..RRR";
            case CLEAR -> "...R.";
        };
        assertThat(run(rule, "11 ? 11 11 ?")).isEqualTo(expected);
    }

    @Test
    void aRuleThatClearsAboveWhatRaisesItIsRefused() {
        assertThatThrownBy(() -> new AlertRule("r", 10, 11, 1, Duration.ZERO, NoData.KEEP))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new AlertRule("r", Double.NaN, 1, 1, Duration.ZERO, NoData.KEEP))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
