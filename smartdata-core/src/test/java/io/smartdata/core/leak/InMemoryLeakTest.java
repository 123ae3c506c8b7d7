package io.smartdata.core.leak;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryLeakTest extends LeakContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
