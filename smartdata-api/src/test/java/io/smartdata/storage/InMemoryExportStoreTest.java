package io.smartdata.storage;

class InMemoryExportStoreTest extends ExportStoreContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
