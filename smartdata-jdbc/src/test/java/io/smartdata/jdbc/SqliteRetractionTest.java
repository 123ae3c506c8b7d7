package io.smartdata.jdbc;

import io.smartdata.core.correction.RetractionContract;
import io.smartdata.storage.Storage;

class SqliteRetractionTest extends RetractionContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
