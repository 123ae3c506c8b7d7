package io.smartdata.jdbc;

import io.smartdata.core.correction.ErasureContract;
import io.smartdata.storage.Storage;

class SqliteErasureTest extends ErasureContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
