package io.smartdata.storage;

class InMemoryCorrectionTest extends CorrectionContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
