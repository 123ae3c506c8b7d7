package io.smartdata.audit;

import static java.util.Objects.requireNonNull;

import io.smartdata.event.Properties;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One thing that was done. Who did it and in which org is the scope's to say, when is the database's.
 *
 * @param action what was done
 * @param target to what, for example the name of a KPI or the id of a receipt; 1 to 500 characters
 * @param detail how: counts, ranges, names; never payloads, values of events or keys
 * @param outcome how far it is certain
 * @since 0.1.0
 */
public record AuditEntry(AuditAction action, String target, Properties detail, Outcome outcome) {
    private static final int MAX_TARGET_LENGTH = 500;

    /** How far an entry proves that the action happened. */
    public enum Outcome {
        /** It was committed in one transaction with this entry. */
        DONE,
        /** It was about to begin; data may have been shown from then on. */
        BEGUN;

        private final String code = name().toLowerCase(Locale.ROOT);

        /** The stable, snake_case code. */
        public String code() {
            return code;
        }

        /**
         * The reverse of {@link #code()}.
         *
         * @throws IllegalArgumentException if there is no such code
         */
        public static Outcome ofCode(String code) {
            return valueOf(code.toUpperCase(Locale.ROOT));
        }
    }

    public AuditEntry {
        requireNonNull(action, "action");
        requireNonNull(detail, "detail");
        requireNonNull(outcome, "outcome");
        if (target.isEmpty() || target.length() > MAX_TARGET_LENGTH) {
            throw new IllegalArgumentException("A target has 1 to 500 characters, this one has " + target.length());
        }
    }

    /** For an effect; write it in the transaction of the effect. */
    public static AuditEntry done(AuditAction action, String target, Map<String, ? extends @Nullable Object> detail) {
        return new AuditEntry(action, target, Properties.of(detail), Outcome.DONE);
    }

    /** For something that shows data; write it before the first byte. */
    public static AuditEntry begun(AuditAction action, String target, Map<String, ? extends @Nullable Object> detail) {
        return new AuditEntry(action, target, Properties.of(detail), Outcome.BEGUN);
    }
}
