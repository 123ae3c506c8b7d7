package io.smartdata.jdbc;

import io.smartdata.storage.CorrectionContract;
import io.smartdata.storage.Storage;

class PostgresCorrectionTest extends CorrectionContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
