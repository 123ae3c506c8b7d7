package io.smartdata.jdbc;

import io.smartdata.storage.KpiStoreContract;
import io.smartdata.storage.Storage;

class SqliteKpiStoreTest extends KpiStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
