package io.smartdata.core;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryPipelineTest extends PipelineContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
