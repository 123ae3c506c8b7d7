package io.smartdata.storage;

class InMemoryResultStoreTest extends ResultStoreContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
