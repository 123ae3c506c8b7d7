package io.smartdata.core.forecast;

import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.ForecasterContract;

class MstlForecasterTest extends ForecasterContract {
    @Override
    protected Forecaster forecaster() {
        return Forecasters.of("mstl:ets");
    }
}
