package io.smartdata.jdbc;

import io.smartdata.storage.DeadLetterStoreContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityDeadLetterStoreTest extends DeadLetterStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
