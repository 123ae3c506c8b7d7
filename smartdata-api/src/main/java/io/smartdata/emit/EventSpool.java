package io.smartdata.emit;

import io.smartdata.SmartDataException;
import java.util.List;

/**
 * A place where events wait until they are sent. It hands every event out at least once: one that was taken and neither removed
 * nor released is handed out again, by this spool or by the next one on the same place. Thread-safe; the published contract is
 * {@code EventSpoolContract}.
 *
 * @since 0.1.0
 */
public interface EventSpool extends AutoCloseable {
    /**
     * Keeps as many events as there is room for, in their order. If the spool is {@link #durable()}, they survive the end of the
     * process from the moment this returns.
     *
     * @param events each one JSON object in UTF-8; not copied, so not to be changed afterwards
     * @return how many were kept, counted from the first
     * @throws SmartDataException if none was kept because of a failure
     */
    int append(List<byte[]> events);

    /**
     * The oldest events that nobody holds, oldest first; from now on they are held by the caller.
     *
     * @param maxEvents at least 1
     * @param maxBytes of all of them together; the first one is handed out even if it alone is longer
     * @return empty if nothing waits
     * @throws SmartDataException if they cannot be read
     */
    List<WaitingEvent> take(int maxEvents, long maxBytes);

    /**
     * Forgets events for good. Those that are not there any more are passed over.
     *
     * @throws SmartDataException if it failed; the events may be handed out again
     */
    void remove(List<WaitingEvent> done);

    /**
     * Lets go of events, which are handed out again before younger ones. Those that are not held are passed over.
     *
     * @throws SmartDataException if it failed; the events are handed out again later
     */
    void release(List<WaitingEvent> later);

    /** What waits, held events included. */
    SpoolSize size();

    /** Whether events survive the end of the process. */
    boolean durable();

    /** Ends the use of this spool, not of what it keeps; a spool that is not durable loses it. May be called twice. */
    @Override
    void close();
}
