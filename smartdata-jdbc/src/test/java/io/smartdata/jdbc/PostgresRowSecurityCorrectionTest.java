package io.smartdata.jdbc;

import io.smartdata.storage.CorrectionContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityCorrectionTest extends CorrectionContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
