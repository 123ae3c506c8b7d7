package io.smartdata.jdbc;

import io.smartdata.core.deadletter.ReplayContract;
import io.smartdata.storage.Storage;
import java.util.List;
import java.util.stream.Stream;

class PostgresRowSecurityReplayTest extends ReplayContract {
    @Override
    protected List<Storage> newNodes(int count) {
        String url = Databases.newRowSecurityUrl();
        return Stream.<Storage>generate(() -> JdbcStorage.open(url))
                .limit(count)
                .toList();
    }
}
