package io.smartdata.core.ingest;

import io.smartdata.SmartDataException;
import io.smartdata.core.observe.LogEvent;
import io.smartdata.core.observe.Meters;
import io.smartdata.event.IngestReceipt;
import io.smartdata.tenancy.OrgId;
import java.time.Duration;

/**
 * Tells meters and log what became of one ingest call. What was stored is counted once: also if the call broke off after
 * some pieces, not for a dry run, and not again when a call is answered with an earlier receipt.
 */
final class IngestAccount {
    private final Meters meters;
    private final OrgId org;
    private final String source;
    private final boolean replay;
    private final long start = System.nanoTime();

    /**
     * @param replay the call tries a dead letter again, so it writes no new one
     */
    IngestAccount(Meters meters, OrgId org, String source, boolean replay) {
        this.meters = meters;
        this.org = org;
        this.source = source;
        this.replay = replay;
    }

    void done(IngestReceipt receipt, boolean repeated) {
        if (!receipt.dryRun() && !repeated) {
            count(receipt);
        }
        LogEvent.INGEST_BATCH
                .with("org", org)
                .and("source", source)
                .and("received", receipt.received())
                .and("accepted", receipt.accepted())
                .and("duplicates", receipt.duplicates())
                .and("conflicts", receipt.conflicts())
                .and("failed", receipt.rejected())
                .and("dry_run", receipt.dryRun())
                .and("repeated", repeated)
                .and("millis", elapsed())
                .write();
    }

    /** A throttled call is counted only: when calls come in floods, their log lines must not. */
    void refused(SmartDataException e) {
        if (e instanceof ThrottledException) {
            return;
        }
        long accepted = 0;
        if (e instanceof PartlyStoredException partly) {
            count(partly.receipt());
            accepted = partly.receipt().accepted();
        }
        LogEvent.INGEST_REFUSED
                .with("org", org)
                .and("source", source)
                .and("code", e.code())
                .and("accepted", accepted)
                .and("millis", elapsed())
                .write();
    }

    private void count(IngestReceipt receipt) {
        meters.ingested(org, receipt, replay ? 0 : receipt.conflicts() + receipt.rejected());
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
