package io.smartdata.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;

/** The same facts on PostgreSQL. */
class TransactionalIngestOnPostgresTest extends TransactionalIngestTest {
    @Override
    String url(String file) {
        try {
            return Postgres.newDatabase();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (SQLException e) {
            throw new IllegalStateException("No database for " + file, e);
        }
    }
}
