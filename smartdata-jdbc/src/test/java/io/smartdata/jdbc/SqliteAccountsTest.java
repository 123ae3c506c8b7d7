package io.smartdata.jdbc;

import io.smartdata.core.observe.AccountsContract;
import io.smartdata.storage.Storage;

class SqliteAccountsTest extends AccountsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
