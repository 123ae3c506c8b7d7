package io.smartdata.jdbc;

import io.smartdata.core.subject.SubjectsContract;
import io.smartdata.storage.Storage;

class PostgresRowSecuritySubjectsTest extends SubjectsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
