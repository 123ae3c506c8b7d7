package io.smartdata.core.forecast.smoothing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.core.forecast.engine.ConstantEngine;
import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.core.forecast.engine.Engine.Path;
import io.smartdata.forecast.FittedModel;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CrostonEngineTest {
    @Test
    void sizesAndTimesAreSmoothedApart() {
        DemandState state = new DemandState(4, 2, 0.5, 0);
        for (double value : new double[] {0, Double.NaN, 0, 6}) {
            state = state.after(value, 0.1, 0.2);
        }
        // size 4 + 0.1 (6 - 4), interval 2 + 0.2 (3 - 2), probability 0.5 * 0.8 * 0.8 then + 0.2 of what is left to 1
        assertThat(state.size()).isCloseTo(4.2, within(1e-12));
        assertThat(state.interval()).isCloseTo(2.2, within(1e-12));
        assertThat(state.probability()).isCloseTo(0.456, within(1e-12));
        assertThat(state.waited()).isZero();
    }

    @Test
    void regularDemandIsSizeOverInterval() throws CannotFit {
        double[] y = new double[120];
        Arrays.setAll(y, t -> t % 4 == 3 ? 8 : 0);
        assertThat(path(CrostonEngine.Kind.CROSTON, y).mean()[0]).isCloseTo(2, within(1e-9));
        FittedModel model = new CrostonEngine(CrostonEngine.Kind.SBA).fit(ForecastOfR.request(y, 1));
        assertThat(path(CrostonEngine.Kind.SBA, y).mean()[0])
                .isCloseTo(2 * (1 - ConstantEngine.parameter(model, "beta") / 2), within(1e-9));
    }

    @Test
    void onlyTsbForgetsADemandThatHasEnded() throws CannotFit {
        double[] y = new double[200];
        Arrays.setAll(y, t -> t < 100 && t % 3 == 0 ? 5 : 0);
        assertThat(path(CrostonEngine.Kind.TSB, y).mean()[0]).isLessThan(0.05);
        assertThat(path(CrostonEngine.Kind.CROSTON, y).mean()[0]).isGreaterThan(1);
    }

    @ParameterizedTest
    @EnumSource(CrostonEngine.Kind.class)
    void quantilesAreThoseOfTheDemandSeen(CrostonEngine.Kind kind) throws CannotFit {
        Random random = new Random(1);
        double[] y = new double[2000];
        Arrays.setAll(y, t -> random.nextInt(5) == 0 ? 1 + random.nextInt(10) : 0);
        Path path = path(kind, y);
        assertThat(path.mean()[0]).isCloseTo(1.1, within(0.5));
        assertThat(path.quantiles().at(3, 0.5)).isZero();
        // one value in five is above zero, one in ten above 5 or 6
        assertThat(path.quantiles().at(3, 0.9)).isBetween(4.0, 7.0);
        assertThat(path.quantiles().at(3, 0.999)).isEqualTo(10);
    }

    @Test
    void whatFallsBelowZeroIsNoDemand() {
        assertThatThrownBy(() -> path(CrostonEngine.Kind.TSB, new double[] {1, 0, -1, 2, 0, 3}))
                .isInstanceOf(CannotFit.class)
                .hasMessage("tsb needs 2 values above zero and none below");
    }

    private static Path path(CrostonEngine.Kind kind, double[] y) throws CannotFit {
        CrostonEngine engine = new CrostonEngine(kind);
        return engine.path(engine.fit(ForecastOfR.request(y, 1)), ForecastOfR.request(y, 1));
    }
}
