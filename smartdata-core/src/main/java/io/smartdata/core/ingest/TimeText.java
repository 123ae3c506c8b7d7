package io.smartdata.core.ingest;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;

/**
 * The one grammar of times: {@code yyyy-MM-dd}, which is the start of that day, or {@code yyyy-MM-dd}, then {@code T} or
 * a space, {@code HH:mm[:ss[.1 to 9 digits]]}, then {@code Z}, {@code ±HH:mm}, {@code ±HHmm}, {@code ±HH} or nothing.
 * {@code T} and {@code Z} may be lower case. Digits are ASCII, nothing is trimmed, 24:00 and second 60 are refused.
 *
 * <p>Without offset the local time is taken in the given zone; one that a clock change skips moves forward by the length
 * of the gap, one that comes twice is the earlier. Digits behind the microsecond are cut off, never rounded up.
 */
final class TimeText {
    /** Returned for text outside the grammar; no valid time is negative. */
    static final long INVALID = Long.MIN_VALUE;

    static final String RULE = "an ISO-8601 time from 1970-01-01 on, such as 2024-05-01T10:00:00Z";

    private static final long MICROS = 1_000_000;
    private static final int MAX_OFFSET_SECONDS = 18 * 3600;
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private TimeText() {}

    /** Microseconds since 1970-01-01T00:00Z, or {@link #INVALID}. */
    static long micros(String text, ZoneId zone) {
        int length = text.length();
        if (length < 10 || length > 35 || text.charAt(4) != '-' || text.charAt(7) != '-') {
            return INVALID;
        }
        int year = number(text, 0, 4);
        int month = number(text, 5, 2);
        int day = number(text, 8, 2);
        if (year < 1969 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
            return INVALID;
        }
        if (length == 10) {
            return nonNegative(LocalDate.of(year, month, day).atStartOfDay(zone).toEpochSecond() * MICROS);
        }
        char separator = text.charAt(10);
        if (length < 16 || (separator != 'T' && separator != 't' && separator != ' ') || text.charAt(13) != ':') {
            return INVALID;
        }
        int hour = number(text, 11, 2);
        int minute = number(text, 14, 2);
        int second = 0;
        int micro = 0;
        int i = 16;
        if (i < length && text.charAt(i) == ':') {
            second = number(text, 17, 2);
            i = 19;
            if (i < length && text.charAt(i) == '.') {
                int from = i + 1;
                i = from;
                while (i < length && isDigit(text.charAt(i))) {
                    micro = i - from < 6 ? micro * 10 + text.charAt(i) - '0' : micro;
                    i++;
                }
                if (i == from || i - from > 9) {
                    return INVALID;
                }
                for (int digits = i - from; digits < 6; digits++) {
                    micro *= 10;
                }
            }
        }
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
            return INVALID;
        }
        long seconds;
        if (i == length) {
            seconds = LocalDateTime.of(year, month, day, hour, minute, second)
                    .atZone(zone)
                    .toEpochSecond();
        } else {
            int offset = offset(text, i);
            if (offset == Integer.MIN_VALUE) {
                return INVALID;
            }
            seconds = epochDay(year, month, day) * 86_400 + hour * 3600L + minute * 60L + second - offset;
        }
        return nonNegative(seconds * MICROS + micro);
    }

    /** Microseconds of a bare decimal number of the declared unit, cut off; or {@link #INVALID}. */
    static long epochMicros(String text, EpochUnit unit) {
        int i = 0;
        while (i < text.length() && isDigit(text.charAt(i))) {
            i++;
        }
        int integer = i;
        if (i < text.length() && text.charAt(i) == '.') {
            i++;
            while (i < text.length() && isDigit(text.charAt(i))) {
                i++;
            }
        }
        if (i != text.length()
                || integer == 0
                || integer > (unit == EpochUnit.SECONDS ? 12 : 15)
                || i == integer + 1
                || i > 40) {
            return INVALID;
        }
        BigDecimal scaled = new BigDecimal(text).movePointRight(unit == EpochUnit.SECONDS ? 6 : 3);
        return scaled.setScale(0, RoundingMode.DOWN).longValue();
    }

    static Instant instant(long micros) {
        return Instant.ofEpochSecond(Math.floorDiv(micros, MICROS), Math.floorMod(micros, MICROS) * 1000);
    }

    /** Microseconds of an instant not before 1970. */
    static long micros(Instant instant) {
        return instant.getEpochSecond() * MICROS + instant.getNano() / 1000;
    }

    private static long nonNegative(long micros) {
        return micros < 0 ? INVALID : micros;
    }

    /** Two or four ASCII digits, or -1. */
    private static int number(String text, int from, int digits) {
        if (from + digits > text.length()) {
            return -1;
        }
        int number = 0;
        for (int i = from; i < from + digits; i++) {
            if (!isDigit(text.charAt(i))) {
                return -1;
            }
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static int daysOf(int year, int month) {
        boolean leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return month == 2 && leap ? 29 : DAYS[month - 1];
    }

    /** Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", 2013, for years from 0 on. */
    private static long epochDay(int year, int month, int day) {
        int y = month <= 2 ? year - 1 : year;
        int era = y / 400;
        int yearOfEra = y - era * 400;
        int dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097L + dayOfEra - 719_468;
    }

    /** Seconds east of UTC, or {@link Integer#MIN_VALUE}. */
    private static int offset(String text, int from) {
        int length = text.length() - from;
        char sign = text.charAt(from);
        if (sign == 'Z' || sign == 'z') {
            return length == 1 ? 0 : Integer.MIN_VALUE;
        }
        boolean colon = length == 6 && text.charAt(from + 3) == ':';
        if ((sign != '+' && sign != '-') || (!colon && length != 5 && length != 3)) {
            return Integer.MIN_VALUE;
        }
        int hours = number(text, from + 1, 2);
        int minutes = length == 3 ? 0 : number(text, from + (colon ? 4 : 3), 2);
        int seconds = hours * 3600 + minutes * 60;
        if (hours < 0 || minutes < 0 || minutes > 59 || seconds > MAX_OFFSET_SECONDS) {
            return Integer.MIN_VALUE;
        }
        return sign == '-' ? -seconds : seconds;
    }
}
