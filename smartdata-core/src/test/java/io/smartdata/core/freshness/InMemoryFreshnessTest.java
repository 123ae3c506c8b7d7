package io.smartdata.core.freshness;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;
import java.time.Duration;

class InMemoryFreshnessTest extends FreshnessContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage(clock());
    }

    @Override
    protected void age(Duration time) {
        // the storage has the clock of the node
    }
}
