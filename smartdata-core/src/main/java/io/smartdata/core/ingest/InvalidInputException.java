package io.smartdata.core.ingest;

import io.smartdata.SmartDataException;
import org.jspecify.annotations.Nullable;

/**
 * An input that is broken as a whole: nothing after the fault can be trusted.
 *
 * <p>Codes: {@code invalid_json}, {@code invalid_csv}, {@code duplicate_field}, {@code missing_time}, {@code missing_id},
 * {@code missing_name}, {@code invalid_encoding}, {@code invalid_gzip}, {@code ratio}, {@code too_deep},
 * {@code empty_input}, {@code unsupported_media_type}, {@code unreadable_input}.
 *
 * @since 0.1.0
 */
public class InvalidInputException extends SmartDataException {
    private static final long serialVersionUID = 1L;

    private final long row;
    private final @Nullable String field;

    /**
     * @param code stable, snake_case
     * @param row position of the fault, 0 if it has none
     * @param field the column or member at fault, or null
     * @param message what happened, what it means for the data, what to do
     * @param cause for the log, or null
     */
    public InvalidInputException(
            String code, long row, @Nullable String field, String message, @Nullable Throwable cause) {
        super(code, message, cause);
        this.row = row;
        this.field = field;
    }

    /** Position of the fault as {@link ReadEvent#row()}; 0 if it is the input as such. */
    public long row() {
        return row;
    }

    /** The column or member at fault, or null. */
    public @Nullable String field() {
        return field;
    }
}
