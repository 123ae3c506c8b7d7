package io.smartdata.jdbc;

import io.smartdata.storage.EventPagesContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityEventPagesTest extends EventPagesContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
