package io.smartdata.promise;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a test says how often it tried a promise, before it asserts that none was broken.
 *
 * <pre>{@code
 * int rounds = Trials.rounds(3, 200);
 * ...
 * Trials.report("P7", "replay, two nodes, one killed", rounds, failures);
 * assertThat(failures).isZero();
 * }</pre>
 */
public final class Trials {
    /** One file for all modules of a build; a test started from an IDE has none and keeps its rows to itself. */
    private static final @Nullable String FILE = System.getProperty("smartdata.trials");

    private static final TrialTable OWN = new TrialTable();

    private Trials() {}

    /** True under {@code mvn verify -Psoak}. */
    public static boolean soak() {
        return Boolean.getBoolean("smartdata.soak");
    }

    /** How many rounds to run: few in the suite, many in the soak, of which {@link #part()} may ask for a part. */
    public static int rounds(int suite, int soak) {
        return soak() ? Math.max(suite, (int) (soak * part())) : suite;
    }

    /** {@code -Dsmartdata.soak.part=0.1} makes a soak of a tenth; 1 unless told otherwise. */
    public static double part() {
        return Double.parseDouble(System.getProperty("smartdata.soak.part", "1"));
    }

    /** Where random rounds begin: {@code -Dsmartdata.seed=N}, or another one each time. A failure prints it. */
    public static long seed() {
        return Long.getLong("smartdata.seed", System.nanoTime());
    }

    /** As {@link #report(String, String, long, long, String)} without a note. */
    public static void report(String promise, String what, long trials, long failures) {
        report(promise, what, trials, failures, "");
    }

    /**
     * Adds a row to the table. Rows of the same promise and words add up.
     *
     * @param promise its number, for example {@code P3}
     * @param what was tried, in a few words
     * @param trials how often, at least 1: a test that tried nothing proves nothing
     * @param failures how often the promise was broken, 0 to {@code trials}
     * @param note anything a reader should know, for example how many commits were not acknowledged; of equal rows the
     *     last note stays
     */
    public static synchronized void report(String promise, String what, long trials, long failures, String note) {
        Trial trial = new Trial(promise, what, trials, failures, note);
        OWN.add(trial);
        if (FILE != null) {
            append(Path.of(FILE), trial);
        }
    }

    private static void append(Path file, Trial trial) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, List.of(trial.line()), CREATE, APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What this JVM reported: true before it has reported anything. */
    static synchronized boolean none() {
        return OWN.isEmpty();
    }

    /** All trials of the build so far. */
    static synchronized TrialTable table() {
        if (FILE == null) {
            return OWN;
        }
        TrialTable table = new TrialTable();
        try {
            Files.readAllLines(Path.of(FILE)).forEach(line -> table.add(Trial.parse(line)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return table;
    }
}
