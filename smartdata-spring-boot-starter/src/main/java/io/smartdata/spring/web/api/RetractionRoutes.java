package io.smartdata.spring.web.api;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import io.smartdata.SmartDataException;
import io.smartdata.core.SmartData;
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

/** Takes events back that should not have been stored. */
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

    @Override
    public List<Route> routes() {
        return List.of(Route.post("/retractions", "retract", "Takes stored events back and counts their KPIs again.")
                .needs(Permission.OPERATE)
                .offers("Corrections.retract")
                .body(RetractOrder.class)
                .errors(
                        ErrorCode.UNKNOWN_ORG,
                        ErrorCode.UNKNOWN_RECEIPT,
                        ErrorCode.RAW_GONE,
                        ErrorCode.GENERATION_MOVED)
                .answers(RetractionAnswer.class, this::retract));
    }

    private RetractionAnswer retract(Call call) {
        RetractRequest request = call.body(RetractOrder.class).request();
        return RetractionAnswer.of(smartData.corrections(call.scope()).retract(request));
    }
}
