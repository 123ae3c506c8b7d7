package io.smartdata.jdbc;

import io.smartdata.storage.ResultStoreContract;
import io.smartdata.storage.Storage;

class SqliteResultStoreTest extends ResultStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
