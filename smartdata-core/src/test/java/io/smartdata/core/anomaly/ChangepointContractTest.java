package io.smartdata.core.anomaly;

import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.AnomalyDetectorContract;

class ChangepointContractTest extends AnomalyDetectorContract {
    @Override
    protected AnomalyDetector detector() {
        return Detectors.of("changepoint");
    }

    @Override
    protected boolean judgesSingleValues() {
        return false;
    }
}
