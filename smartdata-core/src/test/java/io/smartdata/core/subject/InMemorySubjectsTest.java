package io.smartdata.core.subject;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemorySubjectsTest extends SubjectsContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
