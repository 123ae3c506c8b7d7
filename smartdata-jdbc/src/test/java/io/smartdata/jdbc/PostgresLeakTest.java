package io.smartdata.jdbc;

import io.smartdata.core.leak.LeakContract;
import io.smartdata.storage.Storage;

class PostgresLeakTest extends LeakContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
