package io.smartdata.jdbc;

import io.smartdata.core.forecast.ForecastsContract;
import io.smartdata.storage.Storage;

class PostgresForecastsTest extends ForecastsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
