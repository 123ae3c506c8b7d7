package io.smartdata.cli;

import io.smartdata.core.ingest.Progress;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Consumer;

/** One line on standard error that says how far a long call is; silent where nobody watches and for short calls. */
final class ProgressLine implements Consumer<Progress>, AutoCloseable {
    private static final long FIRST_AFTER_NANOS = 1_000_000_000L;
    private static final long EVERY_NANOS = 500_000_000L;

    private final PrintWriter err;
    private final boolean terminal;
    private final String what;
    private final long totalBytes;
    private final long startedAt = System.nanoTime();
    private long lastAt = startedAt - EVERY_NANOS;
    private boolean shown;

    /**
     * @param totalBytes size of the input, or 0 if unknown
     */
    ProgressLine(PrintWriter err, String what, long totalBytes) {
        this.err = err;
        this.what = what;
        this.totalBytes = totalBytes;
        this.terminal = System.console() != null;
    }

    @Override
    public void accept(Progress progress) {
        long now = System.nanoTime();
        long every = terminal ? EVERY_NANOS : 10 * EVERY_NANOS;
        if (now - startedAt < FIRST_AFTER_NANOS || now - lastAt < every) {
            return;
        }
        lastAt = now;
        shown = true;
        double seconds = (now - startedAt) / 1e9;
        String percent = totalBytes > 0 ? " %3d %%".formatted(Math.min(100, 100 * progress.bytes() / totalBytes)) : "";
        String line = String.format(
                Locale.ROOT,
                "%s: %s%s, %s, %,.0f rows/s",
                what,
                progress.stage(),
                percent,
                Counted.of(progress.rows(), "row"),
                progress.rows() / seconds);
        err.print(terminal ? "\r" + line + "   " : line + System.lineSeparator());
        err.flush();
    }

    @Override
    public void close() {
        if (shown && terminal) {
            err.println();
            err.flush();
        }
    }
}
