package io.smartdata.jdbc;

import io.smartdata.core.export.ExportJobsContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityExportJobsTest extends ExportJobsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
