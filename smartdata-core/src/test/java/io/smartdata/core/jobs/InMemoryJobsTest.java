package io.smartdata.core.jobs;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryJobsTest extends JobsContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
