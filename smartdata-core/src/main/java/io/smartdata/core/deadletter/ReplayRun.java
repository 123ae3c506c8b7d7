package io.smartdata.core.deadletter;

import static java.util.Objects.requireNonNull;

import io.smartdata.RetryLaterException;
import io.smartdata.core.ingest.Ingest;
import io.smartdata.core.ingest.ReplayOptions;
import io.smartdata.core.ingest.ReplayedLetter;
import io.smartdata.event.DeadLetter;
import io.smartdata.event.EventOutcome;
import io.smartdata.event.Outcome;
import io.smartdata.event.RejectionCode;
import io.smartdata.storage.DeadLetterQuery;
import io.smartdata.storage.DeadLetterStore;
import io.smartdata.storage.StoredDeadLetter;
import io.smartdata.tenancy.OrgScope;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One walk over dead letters, oldest first. A subject of which a letter stays open is waited for: its later letters are not
 * tried, so events of one subject come in in the order they were sent.
 */
final class ReplayRun {
    /** Subjects remembered, so that memory is bounded however much is wrong. */
    private static final int MAX_WAITING = 100_000;

    private final DeadLetterStore store;
    private final OrgScope scope;
    private final Ingest ingest;
    private final ReplayRequest request;
    private final ReplayOptions options;
    private final Set<String> waiting = new HashSet<>();
    private final Map<RejectionCode, Long> failedByCode = new EnumMap<>(RejectionCode.class);
    private final List<EventOutcome> failures = new ArrayList<>();
    private long letters;
    private long tried;
    private long accepted;
    private long duplicates;
    private long atCap;
    private long heldBack;
    private long settledBefore;
    private boolean more;
    private @Nullable RetryLaterException stopped;

    /**
     * @param edited read instead of the original bytes; null to read those
     */
    ReplayRun(DeadLetterStore store, OrgScope scope, Ingest ingest, ReplayRequest request, byte @Nullable [] edited) {
        this.store = store;
        this.scope = scope;
        this.ingest = ingest;
        this.request = request;
        this.options = new ReplayOptions(edited, request.fix(), request.maxAttempts(), request.dryRun());
    }

    /**
     * Replays page by page.
     *
     * @throws RetryLaterException if that is so from the first letter on
     */
    ReplayReport all() {
        try {
            pages();
        } catch (RetryLaterException e) {
            if (letters == 0) {
                throw e;
            }
            more = true;
            stopped = e;
        }
        return report();
    }

    private void pages() {
        DeadLetterQuery page =
                DeadLetterQuery.of(request.filter().withStatus(DeadLetter.Status.OPEN), request.batchSize());
        while (true) {
            List<DeadLetter> found = store.list(scope, page);
            for (DeadLetter letter : found) {
                if (tried == request.limit() || waiting.size() == MAX_WAITING) {
                    more = true;
                    return;
                }
                store.find(scope, letter.id()).ifPresent(this::replay);
            }
            if (found.size() < request.batchSize()) {
                return;
            }
            page = page.after(found.get(found.size() - 1));
        }
    }

    /** Replays this one. */
    ReplayReport only(StoredDeadLetter letter) {
        replay(letter);
        return report();
    }

    private void replay(StoredDeadLetter letter) {
        ReplayedLetter replayed = ingest.replay(letter, options, waiting::contains);
        letters++;
        switch (replayed.fate()) {
            case TRIED -> count(requireNonNull(replayed.outcome()));
            case SETTLED_BEFORE -> settledBefore++;
            case AT_CAP -> atCap++;
            case HELD_BACK -> heldBack++;
        }
        if (replayed.open() && replayed.subject() != null) {
            waiting.add(replayed.subject());
        }
    }

    private void count(EventOutcome outcome) {
        tried++;
        if (outcome.outcome() == Outcome.ACCEPTED) {
            accepted++;
        } else if (outcome.outcome() == Outcome.DUPLICATE) {
            duplicates++;
        } else {
            failedByCode.merge(requireNonNull(outcome.rejection()).code(), 1L, Long::sum);
            if (failures.size() < ReplayReport.MAX_FAILURES) {
                failures.add(outcome);
            }
        }
    }

    private ReplayReport report() {
        return new ReplayReport(
                letters,
                accepted,
                duplicates,
                failedByCode,
                atCap,
                heldBack,
                settledBefore,
                failures,
                more,
                stopped,
                request.dryRun());
    }
}
