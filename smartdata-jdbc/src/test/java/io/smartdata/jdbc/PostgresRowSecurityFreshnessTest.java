package io.smartdata.jdbc;

import io.smartdata.core.freshness.FreshnessContract;
import io.smartdata.storage.Storage;
import java.sql.SQLException;
import java.time.Duration;

class PostgresRowSecurityFreshnessTest extends FreshnessContract {
    private final String url = Databases.newRowSecurityUrl();

    @Override
    protected Storage newStorage() {
        return JdbcStorage.open(url);
    }

    @Override
    protected void age(Duration time) throws SQLException {
        Aged.by(time, Databases.as("postgres", url));
    }
}
