package io.smartdata.core;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemorySchemaTest extends SchemaContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
