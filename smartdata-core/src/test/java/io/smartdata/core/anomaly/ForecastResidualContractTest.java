package io.smartdata.core.anomaly;

import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.AnomalyDetectorContract;

class ForecastResidualContractTest extends AnomalyDetectorContract {
    @Override
    protected AnomalyDetector detector() {
        return Detectors.of("forecast-residual");
    }
}
