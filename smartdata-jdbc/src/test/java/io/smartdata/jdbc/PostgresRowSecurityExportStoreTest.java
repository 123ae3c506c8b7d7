package io.smartdata.jdbc;

import io.smartdata.storage.ExportStoreContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityExportStoreTest extends ExportStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
