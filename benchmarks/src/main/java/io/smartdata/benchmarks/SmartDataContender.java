package io.smartdata.benchmarks;

import io.smartdata.core.SmartData;
import io.smartdata.event.Event;
import io.smartdata.jdbc.JdbcStorage;
import io.smartdata.tenancy.AccessPolicy;
import io.smartdata.tenancy.Caller;
import io.smartdata.tenancy.OrgId;
import io.smartdata.tenancy.OrgScope;
import io.smartdata.tenancy.Permission;
import java.util.List;

/** smartdata itself, as an application embeds it. */
record SmartDataContender(SmartData smartData, OrgScope scope) implements Contender {
    static SmartDataContender open(String url) {
        SmartData smartData = SmartData.builder()
                .storage(JdbcStorage.open(url))
                .accessPolicy(AccessPolicy.singleOperator())
                .build();
        SmartDataContender bench = new SmartDataContender(smartData, scope(smartData, "bench"));
        // One event of another org opens a connection and reads what stays in memory, as the peers have done by now
        // too.
        bench.of("warm-up").write(IngestWorkload.batches(1, 1, 0).get(0));
        return bench;
    }

    /** The same for another org. */
    SmartDataContender of(String org) {
        return new SmartDataContender(smartData, scope(smartData, org));
    }

    private static OrgScope scope(SmartData smartData, String org) {
        return smartData
                .access()
                .scope(Caller.of("benchmark"), OrgId.of(org), Permission.INGEST, Permission.VIEW, Permission.OPERATE);
    }

    @Override
    public long write(List<Event> batch) {
        return smartData.ingest(scope).events(batch).accepted();
    }

    @Override
    public void close() {
        smartData.close();
    }
}
