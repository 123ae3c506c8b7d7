package io.smartdata.core.forecast.decomposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.core.forecast.smoothing.EtsEngine;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import io.smartdata.series.TimeSeries;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MstlEngineTest {
    private final MstlEngine engine = new MstlEngine(EtsEngine.of("ets(A,N,N)"));

    @Test
    void bothCyclesAreForetold() throws CannotFit {
        double[] y = hours(24 * 7 * 6);
        ForecastRequest request = request(y).withHorizon(24 * 7);
        double[] mean = engine.path(engine.fit(request), request).mean();
        double error = 0;
        for (int h = 0; h < mean.length; h++) {
            error += Math.abs(mean[h] - expected(y.length + h)) / mean.length;
        }
        assertThat(error).isLessThan(0.8);
    }

    @Test
    void aStoredModelKeepsItsPhase() throws CannotFit {
        double[] y = hours(24 * 7 * 5);
        FittedModel model = engine.fit(request(Arrays.copyOf(y, y.length - 100)));
        double[] whole = engine.path(model, request(y)).mean();
        ForecastRequest window = request(y).withHistory(request(y).history().slice(y.length - 150, y.length));
        assertThat(engine.path(model, window).mean()).containsExactly(whole, within(1e-9));
        assertThat(whole[0]).isCloseTo(expected(y.length), within(5.0));
    }

    @Test
    void aCycleSeenLessThanTwiceIsLeftAlone() throws CannotFit {
        FittedModel model = engine.fit(request(hours(100)));
        assertThat(model.explanation()).contains("Cycles of 24 steps were taken out");
        FittedModel none = engine.fit(request(hours(40)));
        assertThat(none.explanation()).contains("too few values to take a season out");
        assertThat(none.parameters()).isEmpty();
    }

    @Test
    void fiveThousandDaysWithASeasonOfAYearAreNoTrouble() throws CannotFit {
        Random random = new Random(3);
        double[] y = new double[5000];
        Arrays.setAll(
                y, t -> 100 + 0.01 * t + 20 * Math.sin(2 * Math.PI * t / 365) + 5 * (t % 7) + random.nextGaussian());
        ForecastRequest request = request(y).withSeasons(List.of(7, 365)).withHorizon(400);
        double[] mean = engine.path(engine.fit(request), request).mean();
        for (int h = 0; h < 400; h++) {
            int t = y.length + h;
            double season = 20 * Math.sin(2 * Math.PI * t / 365) + 5 * (t % 7);
            assertThat(mean[h] - season).isBetween(145.0, 156.0);
        }
    }

    @Test
    void theEngineWithinIsServedByItsOwnKind() throws CannotFit {
        FittedModel model = engine.fit(request(hours(200)));
        assertThat(model.id()).isEqualTo("mstl:ets(A,N,N)");
        assertThat(engine.serves(model)).isTrue();
        assertThat(new MstlEngine(EtsEngine.of("ets")).serves(model)).isTrue();
        assertThat(new MstlEngine(new ConstantEngine()).serves(model)).isFalse();
    }

    private static double expected(int t) {
        return 100 + 10 * Math.sin(2 * Math.PI * t / 24) + (t / 24 % 7 < 2 ? 30 : 0);
    }

    private static double[] hours(int size) {
        Random random = new Random(2);
        double[] y = new double[size];
        Arrays.setAll(y, t -> expected(t) + random.nextGaussian());
        return y;
    }

    private static ForecastRequest request(double[] y) {
        LocalDateTime start = LocalDateTime.of(2026, 1, 5, 0, 0);
        return ForecastRequest.of(TimeSeries.of(start, 1, ChronoUnit.HOURS, ZoneOffset.UTC, y), 24)
                .withSeasons(List.of(24, 168));
    }
}
