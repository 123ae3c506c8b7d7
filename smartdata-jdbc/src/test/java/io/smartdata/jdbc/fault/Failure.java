package io.smartdata.jdbc.fault;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** How a call to the database fails. */
public enum Failure {
    /** The call does not happen, for the database has no room left; the connection lives on. */
    DISK_FULL,
    /** The connection breaks, and the call does not happen. */
    CUT_BEFORE,
    /** The call happens, and the connection breaks before its answer comes back. */
    CUT_AFTER;

    private static final int SQLITE_FULL = 13;
    private static final int SQLITE_IO_ERROR = 10;

    @Nullable
    Object strike(Connection real, InterceptedDataSource.Call call) throws Throwable {
        boolean sqlite = real.getMetaData().getDatabaseProductName().equals("SQLite");
        if (this == DISK_FULL) {
            throw sqlite
                    ? new SQLException("database or disk is full", null, SQLITE_FULL)
                    : new SQLException("could not extend file: No space left on device", "53100");
        }
        if (this == CUT_AFTER) {
            call.run();
        }
        real.close();
        throw sqlite
                ? new SQLException("disk I/O error", null, SQLITE_IO_ERROR)
                : new SQLException("An I/O error occurred while sending to the backend.", "08006");
    }
}
