package io.smartdata.jdbc;

import io.smartdata.storage.ResultStoreContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityResultStoreTest extends ResultStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
