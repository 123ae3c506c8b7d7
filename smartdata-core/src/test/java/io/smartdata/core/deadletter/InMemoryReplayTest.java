package io.smartdata.core.deadletter;

import io.smartdata.storage.InMemoryStorage;
import io.smartdata.storage.Storage;
import java.util.Collections;
import java.util.List;

class InMemoryReplayTest extends ReplayContract {
    @Override
    protected List<Storage> newNodes(int count) {
        return Collections.nCopies(count, new InMemoryStorage());
    }
}
