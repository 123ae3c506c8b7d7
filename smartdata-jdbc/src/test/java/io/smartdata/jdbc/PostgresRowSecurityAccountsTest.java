package io.smartdata.jdbc;

import io.smartdata.core.observe.AccountsContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityAccountsTest extends AccountsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
