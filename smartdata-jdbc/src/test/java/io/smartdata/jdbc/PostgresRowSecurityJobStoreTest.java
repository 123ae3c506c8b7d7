package io.smartdata.jdbc;

import io.smartdata.storage.JobStoreContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityJobStoreTest extends JobStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
