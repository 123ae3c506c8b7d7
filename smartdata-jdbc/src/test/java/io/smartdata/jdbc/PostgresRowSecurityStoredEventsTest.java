package io.smartdata.jdbc;

import io.smartdata.core.event.EventsContract;
import io.smartdata.storage.Storage;

class PostgresRowSecurityStoredEventsTest extends EventsContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
