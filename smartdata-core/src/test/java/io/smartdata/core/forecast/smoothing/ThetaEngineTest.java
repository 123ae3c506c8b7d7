package io.smartdata.core.forecast.smoothing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.smartdata.core.forecast.engine.Engine.CannotFit;
import io.smartdata.core.forecast.engine.Engine.Path;
import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ThetaEngineTest {
    static List<ForecastOfR> forecastsOfR() {
        return ForecastOfR.all();
    }

    @ParameterizedTest
    @MethodSource("forecastsOfR")
    void thetaForecastsAsThetafInR(ForecastOfR known) throws CannotFit {
        ThetaEngine engine = new ThetaEngine(ThetaEngine.Kind.THETA);
        double[] mean =
                engine.path(engine.fit(known.request()), known.request()).mean();
        for (int h = 0; h < mean.length; h++) {
            assertThat(mean[h]).isCloseTo(known.theta()[h], within(1e-4 * known.meanValue()));
        }
    }

    @Test
    void theDynamicLineIsTheRegressionOnTheValuesSoFar() {
        Random random = new Random(4);
        ThetaFilter filter = new ThetaFilter(0.3, 0.5, true, new ThetaState(1, 0, 0, 0, 0));
        double[] y = new double[30];
        for (int t = 0; t < y.length; t++) {
            y[t] = t + random.nextGaussian();
            filter.next(y[t]);
        }
        Line line = Line.through(y);
        assertThat(filter.state().first()).isCloseTo(line.first(), within(1e-10));
        assertThat(filter.state().slope()).isCloseTo(line.slope(), within(1e-12));
    }

    @ParameterizedTest
    @EnumSource(ThetaEngine.Kind.class)
    void theErrorBeforeWidensTheStepsAfter(ThetaEngine.Kind kind) throws CannotFit {
        double[] y = walk(120);
        ThetaEngine engine = new ThetaEngine(kind);
        ForecastRequest request = ForecastOfR.request(y, 1);
        FittedModel model = engine.fit(request);
        Path path = engine.path(model, request);
        double sigma = model.parameters().get("sigma");
        double alpha = model.parameters().get("alpha");
        assertThat(path.quantiles().at(0, 0.975) - path.mean()[0]).isCloseTo(1.959964 * sigma, within(1e-5 * sigma));
        double second = (path.quantiles().at(1, 0.975) - path.mean()[1]) / 1.959964;
        // what a first error moves the second mean by: alpha, and a little by the line if that follows the data
        assertThat(second).isCloseTo(sigma * Math.sqrt(1 + alpha * alpha), within(0.05 * sigma));
    }

    @ParameterizedTest
    @EnumSource(ThetaEngine.Kind.class)
    void aStoredModelContinuesAsIfItHadSeenAll(ThetaEngine.Kind kind) throws CannotFit {
        double[] y = walk(120);
        Arrays.setAll(y, t -> y[t] * (1 + 0.2 * Math.sin(2 * Math.PI * t / 7)));
        ThetaEngine engine = new ThetaEngine(kind);
        FittedModel model = engine.fit(ForecastOfR.request(Arrays.copyOf(y, 115), 7));
        double[] whole = engine.path(model, ForecastOfR.request(y, 7)).mean();
        ForecastRequest window = ForecastOfR.request(y, 7)
                .withHistory(ForecastOfR.request(y, 7).history().slice(50, 120));
        assertThat(engine.path(model, window).mean()).containsExactly(whole, within(1e-9));
        double[] before = engine.path(model, ForecastOfR.request(Arrays.copyOf(y, 114), 7))
                .mean();
        double[] atEnd = engine.path(model, ForecastOfR.request(Arrays.copyOf(y, 115), 7))
                .mean();
        // far less than a season's swing apart: the cycle kept its phase
        assertThat(before[1]).isCloseTo(atEnd[0], within(6.0));
    }

    private static double[] walk(int size) {
        Random random = new Random(6);
        double[] y = new double[size];
        for (int t = 0; t < size; t++) {
            y[t] = 100 + 0.2 * t + 2 * random.nextGaussian() + (t == 0 ? 0 : 0.3 * (y[t - 1] - 100));
        }
        return y;
    }
}
