package io.smartdata.core.tenancy;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryTenancyTest extends TenancyContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
