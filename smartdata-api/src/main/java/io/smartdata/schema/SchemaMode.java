package io.smartdata.schema;

import java.util.Locale;

/**
 * What happens to an event that breaks its schema.
 *
 * @since 0.1.0
 */
public enum SchemaMode {
    /** Nothing; the schema is not looked at. */
    OFF,
    /** It is accepted, and the receipt counts it as a warning. */
    WARN,
    /** It is rejected as {@code schema_violation}. */
    REJECT;

    /** The name in files and on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
