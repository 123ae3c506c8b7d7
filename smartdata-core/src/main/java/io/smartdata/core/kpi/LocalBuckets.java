package io.smartdata.core.kpi;

import io.smartdata.kpi.Grain;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Local days and hours of one zone, as bucket texts. Remembers the offset between the two clock changes around the last
 * instant, so that neighbours in time cost a division. Not thread-safe.
 */
final class LocalBuckets {
    private static final long DAY = 86_400;
    private static final long HOUR = 3_600;
    /** Room for the seconds of any offset, made positive. */
    private static final int OFFSET_BITS = 18;

    private static final int OFFSET_BIAS = 1 << (OFFSET_BITS - 1);
    private static final int DATE_LENGTH = "yyyy-MM-dd".length();

    private final ZoneId zone;
    private final ZoneRules rules;
    private ZoneOffset offset = ZoneOffset.UTC;
    private long offsetFrom = Long.MAX_VALUE;
    private long offsetUntil = Long.MIN_VALUE;

    LocalBuckets(ZoneId zone) {
        this.zone = zone;
        this.rules = zone.getRules();
    }

    ZoneId zone() {
        return zone;
    }

    /** Bucket of an instant, by {@link Grain#HOUR} or {@link Grain#DAY}. */
    String bucket(Instant instant, Grain grain) {
        return text(number(instant, grain), grain);
    }

    /** Bucket of an instant as a number: that of the local day, or of the local hour and its offset. */
    long number(Instant instant, Grain grain) {
        int seconds = offsetAt(instant).getTotalSeconds();
        long local = instant.getEpochSecond() + seconds;
        return grain == Grain.HOUR
                ? Math.floorDiv(local, HOUR) << OFFSET_BITS | (seconds + OFFSET_BIAS)
                : Math.floorDiv(local, DAY);
    }

    /** The bucket of a {@link #number}. */
    static String text(long number, Grain grain) {
        if (grain != Grain.HOUR) {
            return LocalDate.ofEpochDay(number).toString();
        }
        int seconds = (int) (number & (2 * OFFSET_BIAS - 1)) - OFFSET_BIAS;
        long local = (number >> OFFSET_BITS) * HOUR;
        return hourText(LocalDateTime.ofEpochSecond(local, 0, ZoneOffset.UTC), ZoneOffset.ofTotalSeconds(seconds));
    }

    /** Local day of an instant. */
    LocalDate day(Instant instant) {
        return LocalDate.ofEpochDay(
                Math.floorDiv(instant.getEpochSecond() + offsetAt(instant).getTotalSeconds(), DAY));
    }

    private ZoneOffset offsetAt(Instant instant) {
        long second = instant.getEpochSecond();
        if (second < offsetFrom || second >= offsetUntil) {
            remember(instant);
        }
        return offset;
    }

    private void remember(Instant instant) {
        offset = rules.getOffset(instant);
        ZoneOffsetTransition next = rules.nextTransition(instant);
        // The transition at the instant itself began this offset; one nanosecond later it is a previous one.
        ZoneOffsetTransition previous = rules.previousTransition(instant.plusNanos(1));
        offsetFrom = previous == null ? Long.MIN_VALUE : previous.toEpochSecond();
        offsetUntil = next == null ? Long.MAX_VALUE : next.toEpochSecond();
    }

    private static String hourText(LocalDateTime time, ZoneOffset offset) {
        int hour = time.getHour();
        return time.toLocalDate()
                + (hour < 10 ? "T0" : "T")
                + hour
                + (offset.getTotalSeconds() == 0 ? "+00:00" : offset.getId());
    }

    /** Local day a bucket lies in. */
    static LocalDate dayOf(String bucket) {
        return LocalDate.parse(bucket.substring(0, DATE_LENGTH));
    }

    /** True for the text of an hour. */
    static boolean isHour(String bucket) {
        return bucket.length() > DATE_LENGTH;
    }

    /** False for a day the zone skipped when it crossed the date line. */
    boolean exists(LocalDate day) {
        return day(startOf(day)).equals(day);
    }

    /** First instant of a local day; of a skipped day, of the one after. */
    Instant startOf(LocalDate day) {
        return day.atStartOfDay(zone).toInstant();
    }

    /** First instant from which a local day never comes again, though the clock be set back over midnight. */
    Instant endOf(LocalDate day) {
        return day.plusDays(1).atStartOfDay(zone).withLaterOffsetAtOverlap().toInstant();
    }

    /** First instant of a bucket: an hour cut by a clock change begins with its offset. */
    Instant startOf(String bucket) {
        if (!isHour(bucket)) {
            return startOf(LocalDate.parse(bucket));
        }
        ZoneOffset own = ZoneOffset.of(bucket.substring(DATE_LENGTH + 3));
        Instant full = hourOf(bucket).toInstant(own);
        if (rules.getOffset(full).equals(own)) {
            return full;
        }
        ZoneOffsetTransition change = rules.nextTransition(full);
        return change == null ? full : change.getInstant();
    }

    /** First instant after an hour. */
    Instant endOfHour(String bucket) {
        Instant start = startOf(bucket);
        Instant full = hourOf(bucket).plusHours(1).toInstant(rules.getOffset(start));
        ZoneOffsetTransition change = rules.nextTransition(start);
        return change != null && change.getInstant().isBefore(full) ? change.getInstant() : full;
    }

    private static LocalDateTime hourOf(String bucket) {
        return dayOf(bucket).atTime(Integer.parseInt(bucket.substring(DATE_LENGTH + 1, DATE_LENGTH + 3)), 0);
    }
}
