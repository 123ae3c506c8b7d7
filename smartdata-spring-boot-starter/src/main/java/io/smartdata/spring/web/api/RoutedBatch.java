package io.smartdata.spring.web.api;

import io.smartdata.SmartDataException;
import io.smartdata.core.ingest.PartlyStoredException;
import io.smartdata.core.ingest.RoutedReceipt;
import io.smartdata.event.IngestReceipt;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of a batch for several orgs. */
record RoutedBatch(
        @About("Whether every event found its org and no part was refused.")
        boolean complete,

        @About("One for each org the caller may bring events into, in the order they first appeared.")
        List<OrgPart> parts,

        @About("Events without an org whose data they could be; they are kept nowhere.")
        List<Receipt.Failed> unrouted) {

    /** The events of one org, in a call of their own. */
    record OrgPart(
            String org,

            @About("What was stored; null if nothing was.") @Nullable
            Receipt receipt,

            @About(
                    "Why nothing or not all of this part was stored; null if it was. Sending the whole batch again is safe.")
            @Nullable
            Refusal refusal) {

        static OrgPart of(RoutedReceipt.Part part, Call call) {
            SmartDataException refusal = part.refusal();
            IngestReceipt stored = refusal instanceof PartlyStoredException partly ? partly.receipt() : part.receipt();
            return new OrgPart(
                    part.org().value(),
                    stored == null ? null : Receipt.of(stored),
                    refusal == null ? null : call.refusal(refusal));
        }
    }

    static RoutedBatch of(RoutedReceipt receipt, Call call) {
        return new RoutedBatch(
                receipt.complete(),
                receipt.parts().stream().map(part -> OrgPart.of(part, call)).toList(),
                Receipt.Failed.of(receipt.unrouted()));
    }
}
