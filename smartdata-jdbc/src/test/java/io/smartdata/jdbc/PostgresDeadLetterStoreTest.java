package io.smartdata.jdbc;

import io.smartdata.storage.DeadLetterStoreContract;
import io.smartdata.storage.Storage;

class PostgresDeadLetterStoreTest extends DeadLetterStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
