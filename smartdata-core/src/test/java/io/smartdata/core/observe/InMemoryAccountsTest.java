package io.smartdata.core.observe;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;

class InMemoryAccountsTest extends AccountsContract {
    @Override
    protected Storage newStorage() {
        return new InMemoryStorage();
    }
}
