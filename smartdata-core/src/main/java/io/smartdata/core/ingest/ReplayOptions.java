package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a dead letter is tried again.
 *
 * @param edited read instead of the original bytes, in their format; null to read those; not copied
 * @param fix what is done to the bytes before they are read
 * @param maxAttempts a letter that was tried so often is not tried, at least 1
 * @param dryRun true to find out what would happen and store nothing
 * @since 0.1.0
 */
public record ReplayOptions(byte @Nullable [] edited, Transformation fix, int maxAttempts, boolean dryRun) {
    public ReplayOptions {
        requireNonNull(fix, "fix");
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be at least 1, was " + maxAttempts);
        }
    }

    /** What is done to the bytes, for logs: without the bytes. */
    List<String> outline() {
        List<String> steps = new ArrayList<>(fix.outline());
        if (edited != null) {
            steps.add(0, "edited payload");
        }
        return steps;
    }
}
