package io.smartdata.benchmarks;

import io.smartdata.event.Event;
import java.sql.SQLException;
import java.util.List;

/** A way to store events, with its connections open and its statements prepared. */
interface Contender extends AutoCloseable {
    /**
     * Stores one batch durably.
     *
     * @return events stored that were not there before
     */
    long write(List<Event> batch) throws SQLException;

    @Override
    void close() throws SQLException;

    /** Opens a contender on a database. */
    interface Opener {
        Contender open(String url) throws SQLException;
    }
}
