package io.smartdata.jdbc;

import io.smartdata.storage.DeadLetterStoreContract;
import io.smartdata.storage.Storage;

class SqliteDeadLetterStoreTest extends DeadLetterStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
