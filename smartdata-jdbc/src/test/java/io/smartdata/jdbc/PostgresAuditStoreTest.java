package io.smartdata.jdbc;

import io.smartdata.storage.AuditStoreContract;
import io.smartdata.storage.Storage;

class PostgresAuditStoreTest extends AuditStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
