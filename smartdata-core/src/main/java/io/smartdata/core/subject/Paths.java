package io.smartdata.core.subject;

import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What subjects do one after the other, most frequent first.
 *
 * @param length most events of a path
 * @param gap time without an event that ends a session
 * @param paths most sessions first, then by names
 * @param sessions sessions of all subjects, listed or not
 * @param morePaths different paths that are not listed
 * @param sampledShare part of the subjects looked at: 1 unless there were too many events for memory, and counts are then
 *     estimates, scaled up
 * @param truncated true if there were too many events to look at, or more than 10 000 of one subject, whose later ones are left out
 * @param dataFreshAsOf every event acknowledged before is counted
 * @since 0.1.0
 */
public record Paths(
        int length,
        Duration gap,
        List<Path> paths,
        long sessions,
        int morePaths,
        double sampledShare,
        boolean truncated,
        Instant dataFreshAsOf) {
    public Paths {
        paths = List.copyOf(paths);
    }

    /**
     * How sessions begin.
     *
     * @param names event names in order of time, those of one time by name
     * @param sessions sessions that begin so
     * @param subjects different subjects with such a session
     * @param share part of all sessions, 0 to 1
     */
    public record Path(List<String> names, long sessions, long subjects, double share) {
        public Path {
            names = List.copyOf(names);
        }
    }
}
