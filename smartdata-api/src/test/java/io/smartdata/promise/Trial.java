package io.smartdata.promise;

import java.util.Locale;

/** A row of the table. */
record Trial(String promise, String what, long trials, long failures, String note) {
    /** With no failure in n trials, the rate is below 3/n with a confidence of 95 %: (1 - 3/n)^n is about 0.05. */
    private static final double RULE_OF_THREE = 3;

    Trial {
        if (trials < 1 || failures < 0 || failures > trials) {
            throw new IllegalArgumentException("%s, %s: %d failures of %d".formatted(promise, what, failures, trials));
        }
    }

    Trial plus(Trial other) {
        return new Trial(promise, what, trials + other.trials, failures + other.failures, other.note);
    }

    String upperBound() {
        return failures == 0 ? String.format(Locale.ROOT, "%.2g", RULE_OF_THREE / trials) : "broken";
    }

    String line() {
        return String.join("\t", promise, what, Long.toString(trials), Long.toString(failures), note);
    }

    static Trial parse(String line) {
        String[] parts = line.split("\t", -1);
        return new Trial(parts[0], parts[1], Long.parseLong(parts[2]), Long.parseLong(parts[3]), parts[4]);
    }
}
