package io.smartdata.core.correction;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryErasureTest extends ErasureContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
