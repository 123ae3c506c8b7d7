package io.smartdata.storage;

class InMemoryKpiStoreTest extends KpiStoreContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
