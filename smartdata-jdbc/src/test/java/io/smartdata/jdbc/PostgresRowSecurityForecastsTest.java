package io.smartdata.jdbc;

import io.smartdata.core.forecast.ForecastsContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityForecastsTest extends ForecastsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
