package io.smartdata.jdbc;

import io.smartdata.core.HostileContract;
import io.smartdata.storage.Storage;

class PostgresHostileTest extends HostileContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
