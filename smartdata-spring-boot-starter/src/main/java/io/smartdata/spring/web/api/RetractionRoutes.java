package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
import io.smartdata.core.correction.EraseRequest;
import io.smartdata.core.correction.Erasure;
import io.smartdata.core.correction.RetractRequest;
import io.smartdata.core.correction.Retraction;
import io.smartdata.event.EventId;
import io.smartdata.spring.web.route.About;
import io.smartdata.spring.web.route.Call;
import io.smartdata.spring.web.route.ErrorCode;
import io.smartdata.spring.web.route.Route;
import io.smartdata.storage.EventRange;
import io.smartdata.storage.EventSelection;
import io.smartdata.tenancy.Permission;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Takes events back that should not have been stored, and erases subjects. */
final class RetractionRoutes implements RouteGroup {
    private final SmartData smartData;

    RetractionRoutes(SmartData smartData) {
        this.smartData = requireNonNull(smartData, "smartData");
    }

    /** Which events to take back: those that meet every condition given, at least one of the first five. */
    record RetractOrder(
            @About("That came with this call.") @Nullable UUID receiptId,
            @Nullable String source,
            @Nullable String name,
            @Nullable String subject,
            @About("At most 10000.") @Nullable List<String> ids,
            @About("That occurred then or later.") @Nullable Instant from,
            @About("That occurred before.") @Nullable Instant to,

            @About("Only to find out what would be done.") @Nullable
            Boolean dryRun,

            @About("Keeps them from being stored again: to their senders they are duplicates from then on.") @Nullable
            Boolean tombstones) {

        RetractRequest request() {
            EventRange ever = EventRange.all();
            try {
                return new RetractRequest(
                        new EventSelection(
                                receiptId,
                                source,
                                name,
                                subject,
                                eventIds(),
                                requireNonNullElse(from, ever.from()),
                                requireNonNullElse(to, ever.to())),
                        requireNonNullElse(dryRun, false),
                        requireNonNullElse(tombstones, false));
            } catch (IllegalArgumentException e) {
                throw new SmartDataException(
                        "invalid_request",
                        "Name a receiptId, source, name, subject or up to %d ids of 1 to 255 characters; from and to alone are not enough. Nothing was changed."
                                .formatted(EventSelection.MAX_IDS),
                        e);
            }
        }

        private Set<EventId> eventIds() {
            Set<EventId> eventIds = new LinkedHashSet<>();
            if (ids != null) {
                Bodies.whole("ids", ids).forEach(id -> eventIds.add(EventId.of(id)));
            }
            return eventIds;
        }
    }

    /** What was taken back, or would be. */
    record RetractionAnswer(
            long events,
            @About("Calls they had come with.") long receipts,
            @About("KPI cells that were counted again.") long cells,
            List<String> sources,
            @About("Names of the events, the first 100.") List<String> names,
            @Nullable Instant minOccurredAt,
            @Nullable Instant maxOccurredAt,
            boolean tombstones,
            boolean dryRun) {
        static RetractionAnswer of(Retraction done) {
            return new RetractionAnswer(
                    done.events(),
                    done.receipts(),
                    done.cells(),
                    List.copyOf(done.sources()),
                    List.copyOf(done.names()),
                    done.minOccurredAt(),
                    done.maxOccurredAt(),
                    done.tombstones(),
                    done.dryRun());
        }
    }

    /** Whom to erase. */
    record EraseOrder(
            String subject,

            @About("Why, for the log; must not name the subject.") @Nullable
            String note,

            @About("Only to find out what would be done.") @Nullable
            Boolean dryRun) {

        EraseRequest request() {
            try {
                return new EraseRequest(subject, requireNonNullElse(note, ""), requireNonNullElse(dryRun, false));
            } catch (IllegalArgumentException e) {
                throw new SmartDataException(
                        "invalid_request", "A note has at most 500 characters. Nothing was changed.", e);
            }
        }
    }

    /** What was erased, or would be. */
    record ErasureAnswer(
            @About("By which the log knows the subject.") String subjectHash,
            @About("None of them can be stored again.") long events,

            @About("Of these, those whose figures stay, since other events of their day are gone.")
            long frozenEvents,

            @About("KPI cells that were counted again.") long cells,
            long deadLetters,
            @About("From which something was taken.") long receipts,
            List<String> sources,
            @Nullable Instant minOccurredAt,
            @Nullable Instant maxOccurredAt,
            boolean dryRun) {
        static ErasureAnswer of(Erasure done) {
            return new ErasureAnswer(
                    done.subjectHash(),
                    done.events(),
                    done.frozenEvents(),
                    done.cells(),
                    done.deadLetters(),
                    done.receipts(),
                    List.copyOf(done.sources()),
                    done.minOccurredAt(),
                    done.maxOccurredAt(),
                    done.dryRun());
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(erasing(), retracting());
    }

    private Route erasing() {
        return Route.post("/erasures", "eraseSubject", "Erases what a subject has left, for ever.")
                .needs(Permission.OPERATE)
                .offers("Corrections.erase")
                .body(EraseOrder.class)
                .errors(ErrorCode.UNKNOWN_ORG, ErrorCode.GENERATION_MOVED)
                .answers(ErasureAnswer.class, this::erase);
    }

    private ErasureAnswer erase(Call call) {
        EraseRequest request = call.body(EraseOrder.class).request();
        return ErasureAnswer.of(smartData.corrections(call.scope()).erase(request));
    }

    private Route retracting() {
        return Route.post("/retractions", "retract", "Takes stored events back and counts their KPIs again.")
                .needs(Permission.OPERATE)
                .offers("Corrections.retract")
                .body(RetractOrder.class)
                .errors(
                        ErrorCode.UNKNOWN_ORG,
                        ErrorCode.UNKNOWN_RECEIPT,
                        ErrorCode.RAW_GONE,
                        ErrorCode.GENERATION_MOVED)
                .answers(RetractionAnswer.class, this::retract);
    }

    private RetractionAnswer retract(Call call) {
        RetractRequest request = call.body(RetractOrder.class).request();
        return RetractionAnswer.of(smartData.corrections(call.scope()).retract(request));
    }
}
