package io.smartdata.core.jobs;

import io.smartdata.tenancy.OrgScope;
import java.util.Iterator;

/**
 * What a job does in one org, in pieces. Orgs take turns: one piece of each, so that a large org delays a small one by a
 * piece and not by its size.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface OrgWork {
    /**
     * The pieces in their order; called when the org's first turn comes, and again by a node that takes the run over, which
     * leaves out the units that are done. Pieces of an org run one after another, those of several orgs may run at once.
     *
     * @param scope to look at the org with
     */
    Iterator<JobPiece> pieces(JobContext context, OrgScope scope);
}
