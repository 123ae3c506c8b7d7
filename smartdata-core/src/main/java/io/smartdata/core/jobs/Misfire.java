package io.smartdata.core.jobs;

/**
 * What becomes of a slot that no node began in time, since none was up or the database was away.
 *
 * @since 0.1.0
 */
public enum Misfire {
    /** It runs late, once; of several that were missed only the latest, and none after the job's misfire window. */
    RUN_ONCE,
    /** It is left out; the next slot runs. A minute of delay is not late. */
    SKIP
}
