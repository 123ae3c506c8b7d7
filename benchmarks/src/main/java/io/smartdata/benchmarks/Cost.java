package io.smartdata.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.sql.SQLException;

/**
 * What some work took; NaN for what cannot be told.
 *
 * @param events stored or seen
 * @param seconds by the clock on the wall
 * @param clientCpu CPU seconds of this process, its compiler and garbage collector included
 * @param serverCpu CPU seconds of the database server
 * @param walBytes written to the server's log
 * @param databaseBytes the database grew by
 */
public record Cost(
        long events, double seconds, double clientCpu, double serverCpu, double walBytes, double databaseBytes) {
    /** What is measured. */
    public interface Work {
        void run() throws SQLException;
    }

    /** Runs it once. */
    public static Cost of(Place place, String database, long events, Work work) throws SQLException {
        place.settle(database);
        Place.Reading before = place.read(database);
        double cpu = cpuSeconds();
        long start = System.nanoTime();
        work.run();
        double seconds = (System.nanoTime() - start) / 1e9;
        double clientCpu = cpuSeconds() - cpu;
        Place.Reading after = place.read(database);
        return new Cost(
                events,
                seconds,
                clientCpu,
                after.cpuSeconds() - before.cpuSeconds(),
                after.walBytes() - before.walBytes(),
                after.databaseBytes() - before.databaseBytes());
    }

    /** Of this process so far. */
    public static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    double eventsPerSecond() {
        return events / seconds;
    }

    /** Of client and, where it is known, server. */
    public double cpuMicrosPerEvent() {
        return 1e6 * (clientCpu + (Double.isNaN(serverCpu) ? 0 : serverCpu)) / events;
    }

    double walBytesPerEvent() {
        return walBytes / events;
    }

    double databaseBytesPerEvent() {
        return databaseBytes / events;
    }
}
