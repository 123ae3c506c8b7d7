package io.smartdata.jdbc;

import io.smartdata.storage.KpiStoreContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityKpiStoreTest extends KpiStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
