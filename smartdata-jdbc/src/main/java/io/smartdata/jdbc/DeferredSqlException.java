package io.smartdata.jdbc;

import java.sql.SQLException;

/** Carries an SQL error out of a method that cannot declare it; {@link Database} unwraps it. */
final class DeferredSqlException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeferredSqlException(SQLException cause) {
        super(cause);
    }
}
