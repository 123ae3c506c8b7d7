package io.smartdata.jdbc;

import io.smartdata.core.anomaly.AlertsContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityAlertsTest extends AlertsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
