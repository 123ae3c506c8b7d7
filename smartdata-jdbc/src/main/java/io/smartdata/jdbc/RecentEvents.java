package io.smartdata.jdbc;

/**
 * Remembers the keys of events that passed lately, to guess which are coming again: a table of fixed size in which a key
 * pushes out the one before it in its place. Only a guess: the unique key decides. Threads may share it without locks, since a
 * lost or torn entry is a wrong guess and nothing more.
 */
final class RecentEvents {
    /** Two mebibytes. */
    private static final int SIZE = 1 << 18;

    private final long[] hashes = new long[SIZE];

    /** Remembers the event; true if it was remembered before. */
    boolean seen(int orgNo, EventRow row) {
        long hash = row.hash() + orgNo * 0x9E3779B97F4A7C15L;
        int place = (int) (hash >>> 46);
        boolean seen = hashes[place] == hash;
        hashes[place] = hash;
        return seen;
    }
}
