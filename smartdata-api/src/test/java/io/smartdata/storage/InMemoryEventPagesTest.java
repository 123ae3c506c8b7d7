package io.smartdata.storage;

class InMemoryEventPagesTest extends EventPagesContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
