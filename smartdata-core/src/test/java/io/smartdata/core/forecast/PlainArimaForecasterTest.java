package io.smartdata.core.forecast;

import io.smartdata.forecast.Forecaster;
import io.smartdata.forecast.ForecasterContract;

class PlainArimaForecasterTest extends ForecasterContract {
    @Override
    protected Forecaster forecaster() {
        return Forecasters.of("sarimax(2,1,1)+c");
    }
}
