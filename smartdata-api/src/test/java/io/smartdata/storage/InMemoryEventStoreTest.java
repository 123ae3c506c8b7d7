package io.smartdata.storage;

class InMemoryEventStoreTest extends EventStoreContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
