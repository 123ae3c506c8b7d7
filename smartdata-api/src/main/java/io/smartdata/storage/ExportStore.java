package io.smartdata.storage;

import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.SystemScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Exports that run by themselves, and their bytes in chunks. All times are by the database's clock. Who asks with a scope is
 * told of exports of its own org and caller only; of any other as little as of one that never was, or has expired.
 *
 * @since 0.1.0
 */
public interface ExportStore {
    /**
     * Puts an export in the queue.
     *
     * @param most exports an org may have at once, finished ones included
     * @param keep time until it expires, unless it is done before
     * @return the export; empty if the org has as many as it may
     */
    Optional<ExportJob> request(OrgScope scope, ExportJob.Request request, int most, Duration keep);

    /** An export of the scope's caller. */
    Optional<ExportJob> find(OrgScope scope, UUID id);

    /** Exports of the scope's caller, newest first. */
    List<ExportJob> list(OrgScope scope);

    /**
     * Part of an export of the scope's caller.
     *
     * @param number from 0
     * @return empty if the export is not done or has fewer chunks
     */
    Optional<byte[]> chunk(OrgScope scope, UUID id, int number);

    /** Removes an export of the scope's caller with its chunks, also one that runs; false if there is none. */
    boolean discard(OrgScope scope, UUID id);

    /**
     * Orgs that have an export to run or one to remove, that which waits longest first.
     *
     * @param limit most orgs to name, at least 1
     */
    List<OrgId> due(SystemScope system, int limit);

    /**
     * Takes the export of the org that waits longest, or one whose node is gone, for one node alone, and drops what an
     * earlier attempt left. One that was begun {@code attempts} times and not finished is given up instead.
     *
     * @param lease time after which the node counts as gone unless it appends
     * @return the export, its {@link ExportJob#attempt()} grown
     */
    Optional<ExportJob> take(OrgScope scope, int attempts, Duration lease);

    /**
     * Adds a chunk and begins the lease anew.
     *
     * @param taken as {@link #take} gave it
     * @param number from 0, without gaps
     * @return false if the export is another node's by now, or gone: then nothing was added
     */
    boolean append(OrgScope scope, ExportJob taken, int number, byte[] chunk, Duration lease);

    /**
     * Makes an export whole: from now on it can be fetched.
     *
     * @param keep time until it expires
     * @return as {@link #append}
     */
    boolean complete(OrgScope scope, ExportJob taken, ExportJob.Result result, Duration keep);

    /**
     * Ends an attempt that broke off.
     *
     * @param again true to try again after {@code pause}, false to give the export up
     * @return as {@link #append}
     */
    boolean broken(OrgScope scope, ExportJob taken, String errorCode, boolean again, Duration pause);

    /**
     * Removes expired exports of the org with their chunks, but for one that runs.
     *
     * @return exports removed
     */
    int purge(OrgScope scope);
}
