package io.smartdata.anomaly;

import static java.util.Objects.requireNonNull;

import java.time.LocalDate;

/**
 * What people say about the anomalies of some days. The values stay as they are.
 *
 * @param kind what is said
 * @param kpi name of the KPI it is said of; empty for all of the org
 * @param from first local day, inclusive
 * @param to last local day, exclusive; after {@code from}
 * @param note why, in words, at most 500 characters; may be empty
 * @since 0.1.0
 */
public record AlertMark(Kind kind, String kpi, LocalDate from, LocalDate to, String note) {
    private static final int MAX_NOTE_LENGTH = 500;

    /** What is said. */
    public enum Kind {
        /** Something known makes these values: they are neither judged nor learnt from. */
        EXPECTED,
        /** Nobody wants to hear of it: anomalies are found, and are no alerts. */
        MUTED,
        /** Somebody knows and looks after it. */
        ACKNOWLEDGED
    }

    /** @throws IllegalArgumentException if the days are none or the note is too long */
    public AlertMark {
        requireNonNull(kind, "kind");
        requireNonNull(kpi, "kpi");
        if (!from.isBefore(to)) {
            throw new IllegalArgumentException("to must be after from, were %s and %s".formatted(to, from));
        }
        if (note.length() > MAX_NOTE_LENGTH) {
            throw new IllegalArgumentException("A note has at most 500 characters, this one has " + note.length());
        }
    }

    /** True if it is said of this KPI on this day. */
    public boolean covers(String name, LocalDate day) {
        return (kpi.isEmpty() || kpi.equals(name)) && !day.isBefore(from) && day.isBefore(to);
    }
}
