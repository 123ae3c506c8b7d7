package io.smartdata.jdbc;

import io.smartdata.storage.AuditStoreContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityAuditStoreTest extends AuditStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
