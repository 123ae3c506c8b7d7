package io.smartdata.jdbc;

import io.smartdata.core.anomaly.AlertsContract;
import io.smartdata.storage.Storage;

class PostgresAlertsTest extends AlertsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
