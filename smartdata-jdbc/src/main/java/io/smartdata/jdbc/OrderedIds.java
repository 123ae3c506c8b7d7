package io.smartdata.jdbc;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;

/** UUIDs of version 7 (RFC 9562, method 3) that rise within a process, also when its clock stands still or goes back. */
final class OrderedIds {
    private static final long VERSION = 0x7000L;
    private static final long VARIANT = 0x8000_0000_0000_0000L;
    private static final AtomicLong LAST_MICROS = new AtomicLong();

    private OrderedIds() {}

    static UUID next() {
        long now = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
        long micros = LAST_MICROS.accumulateAndGet(now, (last, current) -> Math.max(last + 1, current));
        long fraction = (micros % 1000 << 12) / 1000;
        return new UUID(
                micros / 1000 << 16 | VERSION | fraction,
                VARIANT | ThreadLocalRandom.current().nextLong() >>> 2);
    }
}
