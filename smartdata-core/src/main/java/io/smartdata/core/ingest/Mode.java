package io.smartdata.core.ingest;

import java.util.Locale;

/**
 * What a bad row means for the others.
 *
 * @since 0.1.0
 */
public enum Mode {
    /** Good rows are stored, bad ones are dead-lettered; commits in pieces. Running it again is free. */
    LENIENT,
    /** One transaction: the whole input or nothing, for inputs up to {@link IngestSettings#maxStrictRows()}. */
    STRICT,
    /** Checks the whole input first, then commits in pieces; running it again resumes. For inputs of any size. */
    VALIDATED;

    /** The name in JSON and on the command line. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }
}
