package com.example.webapp.login;

import static java.util.Objects.requireNonNull;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts attempts per key within a window that the first one opens. An attempt counts before it is made, so that many at once are
 * not let through. In memory: each node counts for itself, and a restart forgets.
 */
final class Throttle {
    /** Memory for that many keys; beyond it the oldest window is forgotten. */
    private static final int MOST_KEYS = 100_000;

    private final Clock clock;
    private final int most;
    private final Duration window;

    /** All windows are as long, so the order in which they were opened is the one in which they end. */
    private final Map<String, Window> windows = new LinkedHashMap<>();

    /** Mutable, for the map only. */
    private static final class Window {
        private final Instant end;
        private int attempts;

        Window(Instant end) {
            this.end = end;
        }
    }

    Throttle(Clock clock, int most, Duration window) {
        this.clock = requireNonNull(clock, "clock");
        this.most = most;
        this.window = requireNonNull(window, "window");
    }

    /** @return how long to wait before the attempt may be made; zero if it may be made now, and is counted */
    synchronized Duration attempt(String key) {
        Instant now = clock.instant();
        forget(now);
        Window open = windows.computeIfAbsent(key, any -> new Window(now.plus(window)));
        if (open.attempts >= most) {
            return Duration.between(now, open.end);
        }
        open.attempts++;
        return Duration.ZERO;
    }

    private void forget(Instant now) {
        Iterator<Window> oldest = windows.values().iterator();
        while (oldest.hasNext() && (!oldest.next().end.isAfter(now) || windows.size() >= MOST_KEYS)) {
            oldest.remove();
        }
    }

    /** The attempt was a good one: it does not count. */
    synchronized void undo(String key) {
        Window open = windows.get(key);
        if (open != null && open.attempts > 0) {
            open.attempts--;
        }
    }
}
