package io.smartdata.core.correction;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryRetractionTest extends RetractionContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
