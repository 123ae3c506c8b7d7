package io.smartdata.cli;

import java.util.Locale;

/** Numbers with their words: "1 event", "1,200 events". */
final class Counted {
    private Counted() {}

    /** @param one the word for one, whose plural ends in s */
    static String of(long number, String one) {
        return of(number, one, one + "s");
    }

    static String of(long number, String one, String many) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : many);
    }
}
