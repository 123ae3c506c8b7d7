package io.smartdata.jdbc;

import io.smartdata.core.subject.SubjectsContract;
import io.smartdata.storage.Storage;

class PostgresSubjectsTest extends SubjectsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newPostgres();
    }
}
