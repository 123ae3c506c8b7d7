package io.smartdata.core.emit;

import io.smartdata.emit.EventSpool;
import io.smartdata.emit.SpoolSize;
import io.smartdata.emit.WaitingEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Keeps events in memory, up to a number and up to a number of bytes. */
final class MemorySpool implements EventSpool {
    private final int maxEvents;
    private final long maxBytes;
    private final Deque<WaitingEvent> free = new ArrayDeque<>();
    private final Map<String, WaitingEvent> held = new LinkedHashMap<>();
    private long bytes;
    private long tickets;
    private boolean closed;

    MemorySpool(int maxEvents, long maxBytes) {
        this.maxEvents = maxEvents;
        this.maxBytes = maxBytes;
    }

    @Override
    public synchronized int append(List<byte[]> events) {
        int kept = 0;
        while (kept < events.size() && append(events.get(kept))) {
            kept++;
        }
        return kept;
    }

    /** False if there is no room, or no more are taken. */
    synchronized boolean append(byte[] json) {
        if (closed || free.size() + held.size() >= maxEvents || bytes + json.length > maxBytes) {
            return false;
        }
        free.add(new WaitingEvent(Long.toString(tickets++), json));
        bytes += json.length;
        return true;
    }

    @Override
    public synchronized List<WaitingEvent> take(int maxEventsTaken, long maxBytesTaken) {
        List<WaitingEvent> taken = new ArrayList<>();
        long takenBytes = 0;
        while (!free.isEmpty() && taken.size() < maxEventsTaken) {
            takenBytes += free.element().json().length;
            if (!taken.isEmpty() && takenBytes > maxBytesTaken) {
                break;
            }
            WaitingEvent event = free.remove();
            held.put(event.ticket(), event);
            taken.add(event);
        }
        return taken;
    }

    @Override
    public synchronized void remove(List<WaitingEvent> done) {
        for (WaitingEvent event : done) {
            if (held.remove(event.ticket()) != null || free.remove(event)) {
                bytes -= event.json().length;
            }
        }
    }

    @Override
    public synchronized void release(List<WaitingEvent> later) {
        for (int i = later.size() - 1; i >= 0; i--) {
            WaitingEvent event = held.remove(later.get(i).ticket());
            if (event != null) {
                free.addFirst(event);
            }
        }
    }

    @Override
    public synchronized SpoolSize size() {
        return new SpoolSize(free.size() + (long) held.size(), bytes);
    }

    @Override
    public boolean durable() {
        return false;
    }

    /** From now on nothing more fits; what waits can still be taken. */
    synchronized void seal() {
        closed = true;
    }

    synchronized boolean sealed() {
        return closed;
    }

    /** Takes everything out, held events included. */
    synchronized List<WaitingEvent> drain() {
        List<WaitingEvent> all = new ArrayList<>(held.values());
        all.addAll(free);
        close();
        return all;
    }

    @Override
    public synchronized void close() {
        closed = true;
        free.clear();
        held.clear();
        bytes = 0;
    }
}
