package io.smartdata.spring.web;

import io.smartdata.spring.Postgres;
import java.nio.file.Path;

/** The same facts on PostgreSQL. */
class RestApiOnPostgresTest extends RestApiTest {
    @Override
    String database(Path folder) throws Exception {
        return Postgres.newDatabase();
    }
}
