package io.smartdata.jdbc;

import static java.util.Objects.requireNonNull;

/**
 * What a look at the database has found about one thing.
 *
 * @param code stable name of what was found, or of the thing if all is well
 * @param severity whether something is to be done
 * @param what what is so, and what it means for the data
 * @param remedy what to do; empty if all is well
 * @since 0.1.0
 */
public record Finding(String code, Severity severity, String what, String remedy) {
    /** Whether something is to be done. */
    public enum Severity {
        /** As it should be. */
        OK,
        /** Works, but not as well or as safely as it should. */
        WARNING,
        /** Does not work, or what was asked for is not so. */
        ERROR
    }

    public Finding {
        requireNonNull(code, "code");
        requireNonNull(severity, "severity");
        requireNonNull(what, "what");
        requireNonNull(remedy, "remedy");
    }

    static Finding ok(String code, String what) {
        return new Finding(code, Severity.OK, what, "");
    }

    static Finding warning(String code, String what, String remedy) {
        return new Finding(code, Severity.WARNING, what, remedy);
    }

    static Finding error(String code, String what, String remedy) {
        return new Finding(code, Severity.ERROR, what, remedy);
    }

    /** True if something is to be done. */
    boolean open() {
        return severity != Severity.OK;
    }
}
