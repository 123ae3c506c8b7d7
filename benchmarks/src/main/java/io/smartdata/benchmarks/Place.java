package io.smartdata.benchmarks;

import java.sql.SQLException;

/** Where databases that live for one leg are made, and what the machine says about them. */
interface Place extends AutoCloseable {
    /** Makes an empty database and gives its JDBC URL. */
    String create(String name) throws SQLException;

    void drop(String name) throws SQLException;

    /** Brings everything written so far to the disk, so that no leg pays for another one. */
    void settle(String name) throws SQLException;

    Reading read(String name) throws SQLException;

    @Override
    void close() throws SQLException;

    /**
     * Counters that only grow; NaN where the place cannot tell.
     *
     * @param cpuSeconds of all processes of the server
     * @param walBytes ever written
     * @param databaseBytes size of the database
     */
    record Reading(double cpuSeconds, double walBytes, double databaseBytes) {}

    /**
     * @param serverPid process id of the postmaster, or 0 to find it
     */
    static Place of(String url, long serverPid) throws SQLException {
        return new PostgresPlace(url, serverPid);
    }
}
