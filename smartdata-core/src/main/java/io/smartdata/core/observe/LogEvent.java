package io.smartdata.core.observe;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Everything smartdata writes to the log as an event: the message is the event's fixed name, what belongs to it are SLF4J
 * key-values. Never a payload, an event's properties or the message of an error. Logger: {@value #LOGGER}.
 *
 * <pre>{@code
 * LogEvent.COMPACTION.with("orgs", 3).and("deltas", 1200).write();
 * }</pre>
 *
 * @since 0.1.0
 */
public enum LogEvent {
    /** An ingest call is done: org, source, received, accepted, duplicates, conflicts, failed, dry_run, repeated, millis. */
    INGEST_BATCH(Level.INFO),
    /** An ingest call failed as a whole, but for throttled ones: org, source, code, accepted before that, millis. */
    INGEST_REFUSED(Level.WARN),
    /** A run over all orgs merged deltas: orgs, deltas, busy, complete, millis. */
    COMPACTION(Level.DEBUG),
    /** Compaction after an ingest broke off, and is left to a later one; the ingest stays stored: org, code, error. */
    COMPACTION_BROKEN(Level.WARN),
    /** A rule began to hold: alert, value, and what it is raised above. */
    ALERT_RAISED(Level.WARN),
    /** A rule no longer holds: alert, value, and what it is cleared below. */
    ALERT_CLEARED(Level.INFO),
    /** The state of health could not be measured: code. */
    HEALTH_UNKNOWN(Level.WARN),
    /** An export job is whole: org, export, rows, bytes, millis. */
    EXPORT_DONE(Level.INFO),
    /** An export job broke off and will be tried again: org, export, attempt, code. */
    EXPORT_BROKEN(Level.WARN),
    /** An export was handed out: org, export, caller, bytes. */
    EXPORT_FETCHED(Level.INFO);

    /** Name of the one logger. */
    public static final String LOGGER = "io.smartdata.log";

    private static final int MOST_CHARACTERS = 200;

    private final Level level;

    LogEvent(Level level) {
        this.level = level;
    }

    /** The message, for example {@code ingest_batch}. */
    public String message() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The level it is written at. */
    public Level level() {
        return level;
    }

    /** Begins a line with its first value. */
    public Line with(String key, @Nullable Object value) {
        return with(LoggerFactory.getLogger(LOGGER), key, value);
    }

    Line with(Logger logger, String key, @Nullable Object value) {
        return new Line(logger.atLevel(level), message()).and(key, value);
    }

    /** A line that is being written; costs next to nothing where its level is off. */
    public static final class Line {
        private LoggingEventBuilder line;
        private final String message;

        private Line(LoggingEventBuilder line, String message) {
            this.line = line;
            this.message = message;
        }

        /** Adds a value: numbers and truth values as they are, times in milliseconds, all else as harmless text. */
        public Line and(String key, @Nullable Object value) {
            line = line.addKeyValue(requireNonNull(key, "key"), harmless(value));
            return this;
        }

        /** Writes the line. */
        public void write() {
            line.log(message);
        }
    }

    private static @Nullable Object harmless(@Nullable Object value) {
        if (value == null || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        return value instanceof Duration duration ? (Object) duration.toMillis() : text(value.toString());
    }

    /**
     * Text that stays within its line, whatever the log's layout does: control characters, line and paragraph separators and
     * marks that turn the reading direction are written as escapes, and the end of a long text is left out.
     */
    static String text(String raw) {
        StringBuilder safe = new StringBuilder(Math.min(raw.length(), MOST_CHARACTERS));
        raw.codePoints().limit(MOST_CHARACTERS).forEach(c -> {
            if (breaksLines(c)) {
                safe.append("\\u%04x".formatted(c));
            } else {
                safe.appendCodePoint(c);
            }
        });
        return raw.codePointCount(0, raw.length()) > MOST_CHARACTERS
                ? safe.append('…').toString()
                : safe.toString();
    }

    private static boolean breaksLines(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> true;
            default -> c == '\\' || c == '"';
        };
    }
}
