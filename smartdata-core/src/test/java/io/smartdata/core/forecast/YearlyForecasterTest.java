package io.smartdata.core.forecast;

import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.ForecasterContract;

class YearlyForecasterTest extends ForecasterContract {
    @Override
    protected Forecaster forecaster() {
        return Forecasters.of("yearly:sarimax(1,0,1)(1,0,1)7+c");
    }
}
