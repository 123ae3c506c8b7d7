package io.smartdata.jdbc;

import io.smartdata.core.correction.ErasureContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityErasureTest extends ErasureContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
