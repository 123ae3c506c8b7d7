package com.example.storage;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class AuditedInMemoryStorageTest extends AuditedStorageKit {
    @Override
    Storage inner() {
        return new InMemoryStorage();
    }
}
