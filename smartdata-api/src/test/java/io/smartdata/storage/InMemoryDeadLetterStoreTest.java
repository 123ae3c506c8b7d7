package io.smartdata.storage;

class InMemoryDeadLetterStoreTest extends DeadLetterStoreContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
