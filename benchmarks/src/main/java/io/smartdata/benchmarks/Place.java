package io.smartdata.benchmarks;

import java.sql.SQLException;

/** Where databases that live for one measurement are made, and what they cost there. Nothing else is touched. */
public interface Place extends AutoCloseable {
    /**
     * @param url {@code jdbc:postgresql:...}: any database of the server, by a user who may create databases;
     *     {@code jdbc:sqlite:FILE}: files beside this one
     * @param serverPid process id of the postmaster, or 0 to find it if it runs on this machine
     */
    static Place of(String url, long serverPid) throws SQLException {
        return isSqlite(url) ? new SqlitePlace(url) : new PostgresPlace(url, serverPid);
    }

    static boolean isSqlite(String url) {
        return url.startsWith("jdbc:sqlite:");
    }

    /** The database and what decides its durability. */
    String description() throws SQLException;

    /** Makes an empty database and gives its JDBC URL. */
    String create(String name) throws SQLException;

    void drop(String name) throws SQLException;

    /** Brings what was written so far to its place, so that no measurement pays for another one. */
    void settle(String name) throws SQLException;

    Reading read(String name) throws SQLException;

    @Override
    void close() throws SQLException;

    /**
     * Counters that only grow; NaN where the place cannot tell.
     *
     * @param cpuSeconds of all processes of the server; 0 if the database runs in this process
     * @param walBytes ever written
     * @param databaseBytes size of the database
     */
    record Reading(double cpuSeconds, double walBytes, double databaseBytes) {}
}
