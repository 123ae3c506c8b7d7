package io.smartdata.jdbc;

import io.smartdata.SmartDataException;
import io.smartdata.tenancy.Fence;
import org.jdbi.v3.core.Handle;

/**
 * Lets a write of a scheduled job commit only while its fence is the newest of the job and its unit was not done yet. Last
 * thing in the transaction: the lock that keeps the lease from changing hands is then held for a moment only.
 */
final class JobFence {
    private JobFence() {}

    /**
     * @throws SmartDataException {@code fenced_off} if another node holds the job now, {@code effect_taken} if the unit was
     *     done for this slot; the transaction is to be rolled back
     */
    static void check(Handle handle, Dialect dialect, Fence fence) {
        requireNewest(handle, dialect, fence.job(), fence.number());
        boolean first = handle.createUpdate(dialect.tables("""
                                INSERT INTO #job_effect (job, slot, unit) VALUES (:job, :slot, :unit)
                                ON CONFLICT (job, slot, unit) DO NOTHING
                                """))
                        .bind("job", fence.job())
                        .bind("slot", Columns.micros(fence.slot()))
                        .bind("unit", fence.unit())
                        .execute()
                == 1;
        if (!first) {
            throw new SmartDataException(
                    "effect_taken",
                    "The job %s has done this for its slot %s already. Nothing was stored a second time. Go on with the next."
                            .formatted(fence.job(), fence.slot()));
        }
    }

    /** The number stays the newest until the end of the transaction: whoever takes the lease waits for it. */
    static void requireNewest(Handle handle, Dialect dialect, String job, long number) {
        boolean newest = handle.createQuery(
                        dialect.tables("SELECT fence FROM #job_fence WHERE job = :job" + dialect.forShare()))
                .bind("job", job)
                .mapTo(Long.class)
                .findOne()
                .filter(fence -> fence == number)
                .isPresent();
        if (!newest) {
            throw new SmartDataException(
                    "fenced_off",
                    "Another node runs the job %s by now. Nothing of this write was stored. Leave the work to that node."
                            .formatted(job));
        }
    }

    static boolean done(Handle handle, Dialect dialect, Fence fence) {
        return handle.createQuery(
                        dialect.tables("SELECT 1 FROM #job_effect WHERE job = :job AND slot = :slot AND unit = :unit"))
                .bind("job", fence.job())
                .bind("slot", Columns.micros(fence.slot()))
                .bind("unit", fence.unit())
                .mapTo(Integer.class)
                .findOne()
                .isPresent();
    }
}
