package io.smartdata.jdbc;

import io.smartdata.core.tenancy.TenancyContract;
import io.smartdata.storage.Storage;

class PostgresTenancyTest extends TenancyContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
