package io.smartdata.jdbc;

import io.smartdata.core.HostileContract;
import io.smartdata.storage.Storage;

class SqliteHostileTest extends HostileContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
