package io.smartdata.core.jobs;

/**
 * What a job does that is nobody's in particular: one piece, safe to be repeated.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface SystemWork {
    /**
     * @return how much was done, in the job's own unit
     */
    long run(JobContext context);
}
