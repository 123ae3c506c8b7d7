package io.smartdata.core.forecast;

import io.smartdata.forecast.FittedModel;
import io.smartdata.forecast.ForecastRequest;

final class AutoEngine implements Engine {
    @Override
    public String id() {
        return "auto";
    }

    @Override
    public FittedModel fit(ForecastRequest request) throws CannotFit {
        throw new CannotFit("x");
    }

    @Override
    public Path path(FittedModel model, ForecastRequest request) throws CannotFit {
        throw new CannotFit("x");
    }
}
