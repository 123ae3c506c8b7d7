package io.smartdata.jdbc;

import io.smartdata.core.correction.ErasureContract;
import io.smartdata.storage.Storage;

class PostgresErasureTest extends ErasureContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
