package io.smartdata.jdbc;

import io.smartdata.storage.OrgStoreContract;
import io.smartdata.storage.Storage;

class PostgresOrgStoreTest extends OrgStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
