package io.smartdata.jdbc;

import io.smartdata.core.correction.RetractionContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityRetractionTest extends RetractionContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
