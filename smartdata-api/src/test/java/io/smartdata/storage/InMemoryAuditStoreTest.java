package io.smartdata.storage;

class InMemoryAuditStoreTest extends AuditStoreContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
