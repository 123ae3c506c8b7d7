package io.smartdata.core.kpi;

/**
 * What one run of compaction over the orgs did.
 *
 * @param orgs orgs that had something to compact
 * @param deltas delta rows merged into their cells
 * @param busy orgs left out since somebody else was at work in them
 * @param complete false if time ran out before every org was done
 * @since 0.1.0
 */
public record CompactionRun(int orgs, long deltas, int busy, boolean complete) {}
