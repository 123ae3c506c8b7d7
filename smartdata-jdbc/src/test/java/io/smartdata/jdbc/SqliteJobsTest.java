package io.smartdata.jdbc;

import io.smartdata.core.jobs.JobsContract;
import io.smartdata.storage.Storage;

class SqliteJobsTest extends JobsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
