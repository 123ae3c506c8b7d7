package io.smartdata.benchmarks.forecast;

import java.util.Arrays;
import java.util.stream.IntStream;
import jdplus.toolkit.base.api.arima.SarimaOrders;
import jdplus.toolkit.base.api.data.DoubleSeq;
import jdplus.toolkit.base.core.regarima.RegArimaModel;
import jdplus.toolkit.base.core.regsarima.RegSarimaComputer;
import jdplus.toolkit.base.core.sarima.SarimaModel;

/** JDemetra+ at the precision its times were recorded with: 1e-9, two starts, one thread. */
final class JDemetra {
    private final RegSarimaComputer computer = RegSarimaComputer.builder()
            .precision(1e-9)
            .startingPoint(RegSarimaComputer.StartingPoint.Multiple)
            .useParallelProcessing(false)
            .build();

    /** The exact log-likelihood where it stops. */
    double fit(GoldenSarimax golden) {
        int[] order = golden.order();
        SarimaOrders orders = new SarimaOrders(order[6] < 2 ? 1 : order[6]);
        orders.setRegular(order[0], order[1], order[2]);
        if (order[6] >= 2) {
            orders.setSeasonal(order[3], order[4], order[5]);
        }
        int n = golden.y().length;
        int[] gaps =
                IntStream.range(0, n).filter(t -> Double.isNaN(golden.y()[t])).toArray();
        RegArimaModel.Builder<SarimaModel> model = RegArimaModel.<SarimaModel>builder()
                .y(DoubleSeq.of(filled(golden.y())))
                .arima(SarimaModel.builder(orders).setDefault().build())
                .meanCorrection(golden.constant())
                .missing(gaps);
        for (double[] column : golden.regressors()) {
            model.addX(DoubleSeq.of(Arrays.copyOf(column, n)));
        }
        return computer.process(model.build(), null).getConcentratedLikelihood().logLikelihood();
    }

    /** Its missing values are effects on top of whatever number stands there: the last one seen. */
    private static double[] filled(double[] y) {
        double[] result = y.clone();
        for (int t = 1; t < result.length; t++) {
            result[t] = Double.isNaN(result[t]) ? result[t - 1] : result[t];
        }
        return result;
    }
}
