package io.smartdata.jdbc;

import io.smartdata.core.event.EventsContract;
import io.smartdata.storage.Storage;

class SqliteStoredEventsTest extends EventsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newSqlite();
    }
}
