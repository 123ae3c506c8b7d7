package io.smartdata.core.forecast;

import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.ForecasterContract;

class SarimaxForecasterTest extends ForecasterContract {
    @Override
    protected Forecaster forecaster() {
        return Forecasters.of("sarimax(1,1,1)(0,1,1)7");
    }
}
