package io.smartdata.jdbc;

import io.smartdata.storage.EventStoreContract;
import io.smartdata.storage.Storage;

class SqliteEventStoreTest extends EventStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
