package io.smartdata.jdbc;

import io.smartdata.storage.EventStoreContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityEventStoreTest extends EventStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
