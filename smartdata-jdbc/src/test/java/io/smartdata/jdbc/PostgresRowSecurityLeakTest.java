package io.smartdata.jdbc;

import io.smartdata.core.leak.LeakContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityLeakTest extends LeakContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
