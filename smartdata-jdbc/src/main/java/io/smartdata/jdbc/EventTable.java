package io.smartdata.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The event table under its unique key, and the keys that are taken forever; each database has its best way to write them. */
interface EventTable {
    /**
     * Inserts what is not there yet.
     *
     * @param rows in {@link EventRow#KEY_ORDER}, without repeats
     * @return for each row the fingerprint that was stored under its key before, or null if the row was inserted
     */
    byte[] @Nullable [] insert(Connection connection, int orgNo, List<EventRow> rows, long receivedAt)
            throws SQLException;

    /**
     * Takes keys forever that are not taken yet.
     *
     * @param rows in {@link EventRow#ID_ORDER}, without repeats
     * @return for each row the fingerprint under which its key was taken before, or null if the row took it
     */
    byte[] @Nullable [] takeForever(Connection connection, int orgNo, List<EventRow> rows) throws SQLException;
}
