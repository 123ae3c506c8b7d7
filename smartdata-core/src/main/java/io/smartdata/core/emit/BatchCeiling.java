package io.smartdata.core.emit;

/**
 * How large a batch may be: as the settings say, less after a server refused one for its size, and step by step more again
 * after others went through.
 */
final class BatchCeiling {
    private static final int STEP = 8;

    private final int mostEvents;
    private final long mostBytes;
    private int events;
    private long bytes;

    BatchCeiling(int mostEvents, long mostBytes) {
        this.mostEvents = mostEvents;
        this.mostBytes = mostBytes;
        this.events = mostEvents;
        this.bytes = mostBytes;
    }

    int events() {
        return events;
    }

    long bytes() {
        return bytes;
    }

    void refused(int ofEvents, long ofBytes) {
        events = Math.max(1, ofEvents / 2);
        bytes = Math.max(1, ofBytes / 2);
    }

    void wentThrough() {
        events = (int) Math.min(mostEvents, events + (long) Math.max(1, events / STEP));
        bytes = Math.min(mostBytes, bytes + Math.max(1, bytes / STEP));
    }
}
