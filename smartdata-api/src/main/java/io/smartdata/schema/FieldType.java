package io.smartdata.schema;

import java.util.Locale;

/**
 * What a field may hold. A JSON null is an absent field, whatever its type.
 *
 * @since 0.1.0
 */
public enum FieldType {
    /** A JSON string. */
    TEXT,
    /** A JSON number; of CSV, whose cells are texts, a cell that is one. */
    NUMBER,
    /** A number without a fraction, as {@code 3}, {@code 3.0} and {@code 3e2} are. */
    INTEGER,
    /** {@code true} or {@code false}; of CSV a cell that says so in these letters. */
    BOOLEAN,
    /** A JSON array. */
    LIST,
    /** A JSON object. */
    OBJECT,
    /** Anything. */
    ANY;

    /** The name in files. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    boolean numeric() {
        return this == NUMBER || this == INTEGER;
    }
}
