package io.smartdata.jdbc;

import io.smartdata.core.tenancy.TenancyContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityTenancyTest extends TenancyContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
