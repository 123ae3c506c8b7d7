package io.smartdata.jdbc;

import io.smartdata.storage.ResultStoreContract;
import io.smartdata.storage.Storage;

class PostgresResultStoreTest extends ResultStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
