package io.smartdata.core.forecast.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ContinuationTest {
    /** Month ends, the hardest grid: the step from January 31 ends on February 28. */
    private static final LocalDateTime START = LocalDateTime.of(2025, 1, 31, 0, 0);

    private final FittedModel model = trained(0, 24);

    @Test
    void onlyWhatFollowsTheTrainingIsLeft() throws CannotFit {
        Continuation rest = Continuation.of(model, request(0, 27));
        assertThat(rest.afterTraining()).isTrue();
        assertThat(rest.values()).containsExactly(24, 25, 26);
    }

    @Test
    void nothingIsLeftWhereNothingHasCome() throws CannotFit {
        assertThat(Continuation.of(model, request(0, 24)).values()).isEmpty();
    }

    @Test
    void aWindowThatBeganLaterStillHasTheEnd() throws CannotFit {
        assertThat(Continuation.of(model, request(20, 27)).values()).containsExactly(24, 25, 26);
    }

    @Test
    void anEarlierDayBeginsWithTheTraining() throws CannotFit {
        Continuation whole = Continuation.of(model, request(0, 10));
        assertThat(whole.afterTraining()).isFalse();
        assertThat(whole.values()).hasSize(10);
    }

    @Test
    void aHistoryAfterOrInsideTheTrainingHasNoState() {
        assertThatThrownBy(() -> Continuation.of(model, request(25, 30))).isInstanceOf(CannotFit.class);
        assertThatThrownBy(() -> Continuation.of(model, request(5, 10))).isInstanceOf(CannotFit.class);
    }

    @Test
    void placesAreCountedBeforeAndAfterTheHistory() {
        TimeSeries history = request(3, 9).history();
        for (int index = -3; index < 12; index++) {
            assertThat(Continuation.index(history, history.localTime(index))).isEqualTo(index);
        }
    }

    private static FittedModel trained(int from, int until) {
        try {
            ForecastRequest request = request(from, until);
            return new ConstantEngine().fit(request);
        } catch (CannotFit e) {
            throw new AssertionError(e);
        }
    }

    /** The values are their places. */
    private static ForecastRequest request(int from, int until) {
        double[] values = new double[until];
        Arrays.setAll(values, t -> t);
        TimeSeries all = TimeSeries.of(START, 1, ChronoUnit.MONTHS, ZoneOffset.UTC, values);
        return ForecastRequest.of(all.slice(from, until), 3);
    }
}
