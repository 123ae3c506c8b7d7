package io.smartdata.jdbc;

import io.smartdata.core.SchemaContract;
import io.smartdata.storage.Storage;

class PostgresRowSecuritySchemaTest extends SchemaContract {
    @Override
    protected Storage newStorage() {
        return Databases.newRowSecurity();
    }
}
