package io.smartdata.core.correction;

import static java.util.Objects.requireNonNull;

/**
 * Whom to erase.
 *
 * @param subject as events name it
 * @param note why, kept in the audit log; must not name the subject; up to {@value #MAX_NOTE} characters, may be empty
 * @param dryRun true to say only what would be done
 * @since 0.1.0
 */
public record EraseRequest(String subject, String note, boolean dryRun) {
    /** Longest note. */
    public static final int MAX_NOTE = 500;

    public EraseRequest {
        requireNonNull(subject, "subject");
        requireNonNull(note, "note");
        if (note.length() > MAX_NOTE) {
            throw new IllegalArgumentException(
                    "A note has up to %d characters, this one has %d".formatted(MAX_NOTE, note.length()));
        }
    }

    /** Erases a subject. */
    public static EraseRequest of(String subject, String note) {
        return new EraseRequest(subject, note, false);
    }

    /** Says only what would be done. */
    public EraseRequest withDryRun(boolean newDryRun) {
        return new EraseRequest(subject, note, newDryRun);
    }
}
