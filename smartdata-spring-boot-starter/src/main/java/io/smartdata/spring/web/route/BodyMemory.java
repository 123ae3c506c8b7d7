package io.smartdata.spring.web.route;

import java.util.HashMap;
import java.util.Map;

/** Memory for bodies that are being read at once, of which one holder has a share at most. Never waited for. */
final class BodyMemory {
    /** As of the memory of ingest calls: four holders at least have to conspire to keep all others out. */
    private static final int SHARES = 4;

    private final long most;
    private final long share;
    private final Map<Object, Long> byHolder = new HashMap<>();
    private long taken;

    /** @param mostOfOne bytes that everyone can have, however little there is */
    BodyMemory(long most, long mostOfOne) {
        this.most = Math.max(most, mostOfOne);
        this.share = Math.max(most / SHARES, mostOfOne);
    }

    /** False if there is no room for so much, or not for this holder. */
    synchronized boolean take(Object holder, long bytes) {
        long held = byHolder.getOrDefault(holder, 0L);
        if (taken + bytes > most || held + bytes > share) {
            return false;
        }
        taken += bytes;
        byHolder.put(holder, held + bytes);
        return true;
    }

    synchronized void give(Object holder, long bytes) {
        taken -= bytes;
        byHolder.computeIfPresent(holder, (same, held) -> held == bytes ? null : held - bytes);
    }
}
