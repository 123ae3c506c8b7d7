package io.smartdata.storage;

class InMemoryJobStoreTest extends JobStoreContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
