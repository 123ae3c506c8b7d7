package io.smartdata.jdbc;

import io.smartdata.storage.OrgStoreContract;
import io.smartdata.storage.Storage;

class SqliteOrgStoreTest extends OrgStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
