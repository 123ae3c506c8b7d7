package io.smartdata.storage;

class InMemoryOrgStoreTest extends OrgStoreContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
