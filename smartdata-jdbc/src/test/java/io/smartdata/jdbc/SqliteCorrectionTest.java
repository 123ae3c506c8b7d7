package io.smartdata.jdbc;

import io.smartdata.storage.CorrectionContract;
import io.smartdata.storage.Storage;

class SqliteCorrectionTest extends CorrectionContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
