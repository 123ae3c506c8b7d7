package io.smartdata.core.jobs;

import static java.util.Objects.requireNonNull;

import io.smartdata.storage.JobRun;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a job stands.
 *
 * @param name name of the job
 * @param schedule when it is to run, in words
 * @param next its next slot, null if there is none
 * @param last its run with the latest slot, null if it never ran
 * @since 0.1.0
 */
public record JobStatus(
        String name,
        String schedule,
        @Nullable Instant next,
        @Nullable JobRun last) {
    public JobStatus {
        requireNonNull(name, "name");
        requireNonNull(schedule, "schedule");
    }
}
