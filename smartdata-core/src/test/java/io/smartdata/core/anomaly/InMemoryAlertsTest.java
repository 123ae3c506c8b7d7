package io.smartdata.core.anomaly;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryAlertsTest extends AlertsContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
