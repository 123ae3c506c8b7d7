package io.smartdata.core.export;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryExportJobsTest extends ExportJobsContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
