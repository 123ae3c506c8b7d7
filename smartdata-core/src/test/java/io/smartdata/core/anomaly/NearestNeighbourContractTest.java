package io.smartdata.core.anomaly;

import io.smartdata.anomaly.AnomalyDetector;
import io.smartdata.anomaly.AnomalyDetectorContract;

class NearestNeighbourContractTest extends AnomalyDetectorContract {
    @Override
    protected AnomalyDetector detector() {
        return Detectors.of("nearest-neighbour");
    }
}
