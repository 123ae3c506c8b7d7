package io.smartdata.core.ingest;

import static java.util.Objects.requireNonNull;

import io.smartdata.SmartDataException;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.IngestReceipt;
import io.smartdata.tenancy.OrgId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What became of a batch for several orgs: each row is in the part of one org or is unrouted.
 *
 * @param parts one for each org the caller may bring events into, in the order they first appeared
 * @param unrouted rows without an org whose data they could be; they are kept nowhere, so the sender still has to do something
 * @since 0.1.0
 */
public record RoutedReceipt(List<Part> parts, List<EventOutcome> unrouted) {
    /**
     * What became of the rows of one org, in a call and transaction of their own.
     *
     * @param org whose rows
     * @param receipt of the call; rows have the positions they had in the batch; null if the call was refused
     * @param refusal why nothing or not all of this part was stored; null if there is a receipt
     */
    public record Part(
            OrgId org,
            @Nullable IngestReceipt receipt,
            @Nullable SmartDataException refusal) {
        public Part {
            requireNonNull(org, "org");
            if ((receipt == null) == (refusal == null)) {
                throw new IllegalArgumentException("A part has a receipt or was refused");
            }
        }
    }

    public RoutedReceipt {
        parts = List.copyOf(parts);
        unrouted = List.copyOf(unrouted);
    }

    /** The receipt of an org, if it has a part and that was not refused. */
    public Optional<IngestReceipt> receipt(OrgId org) {
        return parts.stream()
                .filter(part -> part.org().equals(org))
                .flatMap(part -> Stream.ofNullable(part.receipt()))
                .findFirst();
    }

    /** True if every row found its org and no part was refused. */
    public boolean complete() {
        return unrouted.isEmpty() && parts.stream().allMatch(part -> part.refusal() == null);
    }
}
