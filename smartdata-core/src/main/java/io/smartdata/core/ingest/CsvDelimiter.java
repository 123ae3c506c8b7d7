package io.smartdata.core.ingest;

import java.io.IOException;

/** Tells comma from tab by the header, and guesses nothing else. */
final class CsvDelimiter {
    private CsvDelimiter() {}

    /**
     * Looks at the first line that is not blank; the source stays where it is.
     *
     * @throws InvalidInputException if neither comma nor tab is there but another usual delimiter, or if both are
     */
    static char detect(CharSource source) throws IOException {
        source.mark();
        long commas = 0;
        long tabs = 0;
        int other = -1;
        boolean blank = true;
        boolean quoted = false;
        int c;
        for (int seen = 0; seen < CharSource.MAX_KEPT && (c = source.peek()) >= 0; seen++, source.position++) {
            if (!quoted && (c == '\n' || c == '\r')) {
                if (!blank) {
                    break;
                }
                tabs = 0;
                continue;
            }
            blank &= c == ' ' || c == '\t';
            quoted ^= c == '"';
            if (!quoted) {
                commas += c == ',' ? 1 : 0;
                tabs += c == '\t' ? 1 : 0;
                other = other < 0 && (c == ';' || c == '|') ? c : other;
            }
        }
        source.position = source.start;
        if (commas > 0 && tabs > 0) {
            throw ambiguous("both commas and tabs");
        }
        if (commas == 0 && tabs == 0 && other >= 0) {
            throw ambiguous("\"" + (char) other + "\" and neither comma nor tab");
        }
        return tabs > 0 ? '\t' : ',';
    }

    private static InvalidInputException ambiguous(String what) {
        return new InvalidInputException(
                "invalid_csv",
                1,
                null,
                "The header has %s between its names. Delimiters are not guessed, since such files often write decimals with a comma. Nothing was read. Declare the delimiter (option delimiter)."
                        .formatted(what),
                null);
    }
}
