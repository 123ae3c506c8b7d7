package io.smartdata.core.forecast;

import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.ForecasterContract;

class FixedEtsForecasterTest extends ForecasterContract {
    @Override
    protected Forecaster forecaster() {
        return Forecasters.of("ets(M,Ad,M)");
    }
}
