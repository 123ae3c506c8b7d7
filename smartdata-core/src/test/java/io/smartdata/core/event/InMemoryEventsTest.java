package io.smartdata.core.event;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryEventsTest extends EventsContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
