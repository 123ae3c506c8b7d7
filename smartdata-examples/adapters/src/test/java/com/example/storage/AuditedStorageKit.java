package com.example.storage;

import com.example.storage.AuditedStorage.Entry;
import io.smartdata.storage.AuditStoreContract;
import io.smartdata.storage.CorrectionContract;
import io.smartdata.storage.DeadLetterStoreContract;
import io.smartdata.storage.EventPagesContract;
import io.smartdata.storage.EventStoreContract;
import io.smartdata.storage.JobStoreContract;
import io.smartdata.storage.KpiStoreContract;
import io.smartdata.storage.OrgStoreContract;
import io.smartdata.storage.ResultStoreContract;
import io.smartdata.storage.Storage;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Nested;

/** All rooms of the contract kit around a storage that is still to be named. */
abstract class AuditedStorageKit {
    private final Queue<Entry> entries = new ConcurrentLinkedQueue<>();

    /** A storage without data, not yet opened. */
    abstract Storage inner() throws Exception;

    private Storage audited() throws Exception {
        return new AuditedStorage(inner(), entries::add);
    }

    @Nested
    class Events extends EventStoreContract {
        @Override
        protected Storage newStorage() throws Exception {
            return audited();
        }
    }

    @Nested
    class EventPages extends EventPagesContract {
        @Override
        protected Storage newStorage() throws Exception {
            return audited();
        }
    }

    @Nested
    class Corrections extends CorrectionContract {
        @Override
        protected Storage newStorage() throws Exception {
            return audited();
        }
    }

    @Nested
    class Kpis extends KpiStoreContract {
        @Override
        protected Storage newStorage() throws Exception {
            return audited();
        }
    }

    @Nested
    class Orgs extends OrgStoreContract {
        @Override
        protected Storage newStorage() throws Exception {
            return audited();
        }
    }

    @Nested
    class DeadLetters extends DeadLetterStoreContract {
        @Override
        protected Storage newStorage() throws Exception {
            return audited();
        }
    }

    @Nested
    class Jobs extends JobStoreContract {
        @Override
        protected Storage newStorage() throws Exception {
            return audited();
        }
    }

    @Nested
    class Audit extends AuditStoreContract {
        @Override
        protected Storage newStorage() throws Exception {
            return audited();
        }
    }

    @Nested
    class Results extends ResultStoreContract {
        @Override
        protected Storage newStorage() throws Exception {
            return audited();
        }
    }
}
