package com.example.webapp;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;

class PostgresWebappTest extends WebappContract {
    private final EmbeddedPostgres postgres;

    PostgresWebappTest() throws IOException {
        postgres = EmbeddedPostgres.builder().start();
    }

    @Override
    String database(Path folder) {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    @AfterAll
    void stopDatabase() throws IOException {
        postgres.close();
    }
}
