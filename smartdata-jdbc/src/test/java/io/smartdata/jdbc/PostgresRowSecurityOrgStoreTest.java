package io.smartdata.jdbc;

import io.smartdata.storage.OrgStoreContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityOrgStoreTest extends OrgStoreContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
