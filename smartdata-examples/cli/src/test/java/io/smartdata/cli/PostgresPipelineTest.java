package io.smartdata.cli;

import io.smartdata.core.PipelineContract;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.storage.Storage;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PostgresPipelineTest extends PipelineContract {
    private static EmbeddedPostgres postgres;
    private static int databases;

    @BeforeAll
    static void startDatabase() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stopDatabase() throws IOException {
        postgres.close();
    }

    @Override
    protected Storage newStorage() throws SQLException {
        String database = "pipeline_" + databases++;
        try (Connection connection = postgres.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + database);
        }
        return JdbcStorage.open(postgres.getJdbcUrl("postgres", database));
    }
}
