package io.smartdata.core.forecast;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryForecastsTest extends ForecastsContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
